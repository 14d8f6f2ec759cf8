"""A secret shows itself nowhere but where it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Known
from bootstrap.model.text import MASK, Secret, SecretRef, secrets_within, text

TOKEN = text("token: ", SecretRef("join-token"), " ", Secret("hunter2"))


@pytest.mark.parametrize("shown", [str(TOKEN), repr(TOKEN), f"{TOKEN}", str([TOKEN]), repr(Secret("hunter2"))])
def test_no_printable_form_holds_it(shown: str) -> None:
    assert "hunter2" not in shown


def test_a_ref_prints_its_name_and_a_secret_its_mask() -> None:
    assert str(TOKEN) == f"token: <join-token> {MASK}"


def test_only_resolving_gives_it() -> None:
    assert TOKEN.resolve({"join-token": Secret("a.b")}) == "token: a.b hunter2"
    with pytest.raises(KeyError):
        TOKEN.resolve({})


@dataclass(frozen=True, slots=True)
class Account:
    """A value as facts have them."""

    name: str
    config: Secret | None = None
    others: Mapping[str, object] = field(default_factory=dict)


HIDDEN = Secret("hidden")


@pytest.mark.parametrize(
    "value",
    [
        HIDDEN,
        Known(HIDDEN),
        Known(Account("ada", HIDDEN)),
        [Known(Account("ada", others={"keys": (Account("bob", HIDDEN),)}))],
        {HIDDEN: 1},
        {"a": frozenset({HIDDEN})}.values(),
        Run(("true",), stdin=text("a", HIDDEN)),
    ],
    ids=str,
)
def test_a_secret_is_found_wherever_it_stands_in_a_value(value: object) -> None:
    assert list(secrets_within(value)) == [HIDDEN]


@pytest.mark.parametrize(
    "value", ["hidden", b"hidden", 7, None, Secret, Account, Account("ada"), Absent("no"), TOKEN.parts[:2]]
)
def test_what_holds_no_secret_yields_none(value: object) -> None:
    assert list(secrets_within(value)) == []
