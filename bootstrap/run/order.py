"""Which rows a row comes after: `follows` by step, turned into rows by target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bootstrap.model.playbook import Row
from bootstrap.model.report import Result, Status

GOOD = frozenset({Status.OK, Status.CHANGED})


@dataclass(frozen=True)
class Order:
    """All rows of one playbook, in its order."""

    rows: tuple[Row, ...]
    _by_step: dict[str, dict[str, Row]] = field(default_factory=dict, compare=False, repr=False)
    _by_asked: dict[str, dict[str, list[Row]]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for row in self.rows:
            self._by_step.setdefault(row.step.name(), {})[row.target.name] = row
            self._by_asked.setdefault(row.target.asked, {}).setdefault(row.target.name, []).append(row)

    def columns_asked_of(self, host: str) -> tuple[Sequence[Row], ...]:
        """The columns whose facts this host answers: its own, and the cluster's for the first control plane."""
        return tuple(self._by_asked.get(host, {}).values())

    def of_step(self, name: str, row: Row) -> tuple[Row, ...]:
        """The rows of another step on which `row` rests: its own target's if there is one, else all of them."""
        by_target = self._by_step.get(name, {})
        own = by_target.get(row.target.name)
        return (own,) if own else tuple(by_target.values())

    def followed(self, row: Row) -> tuple[Row, ...]:
        """The rows that must have ended before this one is decided."""
        return tuple(other for name in row.step.follows for other in self.of_step(name, row))

    def first_behind(self, among: Iterable[Row]) -> dict[tuple[str, str], Row]:
        """For each row that follows one of `among`, directly or through others: the first of those, by the row's id."""
        place = {row.id: number for number, row in enumerate(self.rows)}
        sought = {row.id for row in among if row.id in place}
        found: dict[tuple[str, str], Row] = {}
        for row in self.rows if sought else ():
            followed = self.followed(row)
            before = [other for other in followed if other.id in sought]
            before += [found[other.id] for other in followed if other.id in found]
            if before:
                found[row.id] = min(before, key=lambda other: place[other.id])
        return found

    def earlier(self, others: Iterable[Row], row: Row) -> bool:
        """Whether all others come before `row` in the playbook: only those may be waited for."""
        place = {one.id: number for number, one in enumerate(self.rows)}
        return all(place[other.id] < place[row.id] for other in others)

    def preflight(self) -> tuple[Row, ...]:
        """The checks that come before any change: they cannot act, and follow nothing that can."""
        later = self.first_behind(row for row in self.rows if row.step.can_act)
        return tuple(row for row in self.rows if not (row.step.can_act or row.closing or row.id in later))


def rests_on(row: Row, other: Row) -> bool:
    """Whether the failure of `other` keeps `row` from running. Of other hosts only the first control plane's does."""
    if other.target.name == row.target.name or other.target.kind != "host":
        return True
    return other.target.name == other.target.inventory.first_control_plane.name


def spoiled(row: Row, results: Sequence[Result]) -> Result | None:
    """The first of these ended rows that keeps `row` from running."""
    return next((one for one in results if one.status not in GOOD and rests_on(row, one.row)), None)
