"""A secret shows itself nowhere but where it is resolved."""

import pytest

from bootstrap.model.text import MASK, Secret, SecretRef, text

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
