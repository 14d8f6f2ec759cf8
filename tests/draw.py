"""Which of the cluster scenarios one run has time for."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """A scenario that need not run each time; `seconds` is what it took when it was measured."""

    name: str
    group: str
    seconds: int = 100


def draw(scenarios: Sequence[Scenario], budget_s: int, seed: int) -> frozenset[str]:
    """Names of those that fit into `budget_s`: a group at a time gives one, so that no group drowns the others."""
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    groups: dict[str, list[Scenario]] = {}
    for one in scenarios:
        groups.setdefault(one.group, []).append(one)
    for members in groups.values():
        chance.shuffle(members)
    order = list(groups)
    chance.shuffle(order)
    kept: set[str] = set()
    while waiting := [name for name in order if groups[name]]:
        for name in waiting:
            one = groups[name].pop()
            if one.seconds <= budget_s:
                budget_s -= one.seconds
                kept.add(one.name)
    return frozenset(kept)
