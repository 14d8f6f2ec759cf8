"""What a CI run draws: within its time, from every group in turn, the same for the same seed."""

from hypothesis import given
from hypothesis import strategies as st

from tests.draw import Scenario, draw

SCENARIOS = st.lists(
    st.builds(Scenario, st.uuids().map(str), st.sampled_from(["init", "join", "hosts"]), st.integers(1, 200)),
    unique_by=lambda one: one.name,
)


@given(SCENARIOS, st.integers(0, 1000), st.integers(0, 9999))
def test_a_draw_stays_within_its_seconds_and_can_be_repeated(
    scenarios: list[Scenario], budget_s: int, seed: int
) -> None:
    kept = draw(scenarios, budget_s, seed)
    assert sum(one.seconds for one in scenarios if one.name in kept) <= budget_s
    assert kept == draw(scenarios, budget_s, seed)


@given(SCENARIOS, st.integers(0, 9999))
def test_with_time_enough_everything_runs(scenarios: list[Scenario], seed: int) -> None:
    assert draw(scenarios, sum(one.seconds for one in scenarios), seed) == {one.name for one in scenarios}


def test_every_group_gives_one_before_any_gives_two() -> None:
    many = [Scenario(f"init {number}", "init", 50) for number in range(20)]
    kept = draw([*many, Scenario("join", "join", 50), Scenario("hosts", "hosts", 50)], 200, seed=1)
    assert {"join", "hosts"} <= kept
    assert len(kept) == 4


def test_over_many_runs_every_scenario_has_its_turn() -> None:
    scenarios = [Scenario(f"{group} {number}", group) for group in ("init", "hosts") for number in range(5)]
    seen = frozenset().union(*(draw(scenarios, 300, seed) for seed in range(100)))
    assert seen == {one.name for one in scenarios}
