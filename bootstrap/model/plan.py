"""A plan: what every row of a playbook decided on the facts of now. Printable and comparable."""

from dataclasses import dataclass

from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.playbook import Row
from bootstrap.model.report import HostResult


@dataclass(frozen=True)
class Planned:
    """One row's decision. `asked_again_after` names the pending step behind which a Satisfied is only provisional."""

    row: Row
    decision: Decision
    asked_again_after: str | None = None


@dataclass(frozen=True)
class Plan:
    """Rows in the playbook's order. `fallen` maps a host that could not be reached to the reason.

    `hosts` is how every host that was asked stands, in the order of asking.
    """

    rows: tuple[Planned, ...]
    fallen: tuple[tuple[str, str], ...] = ()
    hosts: tuple[HostResult, ...] = ()

    @property
    def blocked(self) -> tuple[Planned, ...]:
        """Rows that refuse the whole run."""
        return tuple(one for one in self.rows if isinstance(one.decision, Blocked))

    @property
    def pending(self) -> tuple[Planned, ...]:
        """Rows that are not satisfied now."""
        return tuple(one for one in self.rows if not isinstance(one.decision, Satisfied))
