"""An overlay wins where it says something."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bootstrap.steps.overlay import overlaid

VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(TABLES, TABLES)
def test_the_overlay_wins_and_nothing_else_is_lost(base: dict[str, Any], over: dict[str, Any]) -> None:
    both = overlaid(base, over)
    assert overlaid(both, over) == both
    for key in base.keys() - over.keys():
        assert both[key] == base[key]


@given(TABLES)
def test_an_empty_overlay_changes_nothing(base: dict[str, Any]) -> None:
    assert overlaid(base, {}) == base


def test_it_merges_mappings_and_replaces_the_rest() -> None:
    below = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert overlaid(below, {"a": {"c": [3]}, "e": {"f": 1}, "d": {"g": 1}}) == {
        "a": {"b": 1, "c": [3]},
        "d": {"g": 1},
        "e": {"f": 1},
    }
    assert below == {"a": {"b": 1, "c": [1, 2]}, "d": 1}
