"""A hint names what was probably meant, or few enough names to choose from."""

import pytest

from bootstrap.load.error import did_you_mean

STEPS = tuple(f"step-{number}" for number in range(40))


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("Work_loads", ("workloads", "nodes"), 'did you mean "workloads"?'),
        ("zzz", ("flannel", "metrics-server"), "known here: flannel, metrics-server"),
        ("step1", STEPS, 'did you mean "step-1"?'),
        ("zzz", STEPS, "none of the 40 names known here is near"),
        ("zzz", (), ""),
    ],
)
def test_the_nearest_name_else_a_short_list(word: str, known: tuple[str, ...], hint: str) -> None:
    assert did_you_mean(word, known) == hint


def test_a_long_list_is_named_by_its_place() -> None:
    said = did_you_mean("zzz", STEPS, "`kboot explain` lists them")
    assert said == "none of the 40 names known here is near; `kboot explain` lists them"
    assert did_you_mean("step1", STEPS, "`kboot explain` lists them") == 'did you mean "step-1"?'
