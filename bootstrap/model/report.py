"""How a run ended, per row and per host, and the exit code that follows from it."""

from dataclasses import dataclass
from enum import StrEnum

from bootstrap.model.codes import Code
from bootstrap.model.decision import Satisfied
from bootstrap.model.playbook import Row


class Status(StrEnum):
    """How a row ended."""

    OK = "ok"
    CHANGED = "changed"
    WAITING = "waiting"
    BLOCKED = "blocked"
    FAILED = "failed"
    NOT_RUN = "not-run"


class HostStatus(StrEnum):
    """How a host stands as a whole."""

    REACHED = "reached"
    UNREACHABLE = "unreachable"
    KEY_REFUSED = "key-refused"
    LOGIN_REFUSED = "login-refused"
    LOST = "lost"


@dataclass(frozen=True)
class Result:
    """One row's end: its words, and for what went wrong the code, the last lines that matter and the advice.

    `remark` is that of the Satisfied which ended it: what the admin must know though the state holds.
    """

    row: Row
    status: Status
    note: str = ""
    code: Code | None = None
    evidence: str = ""
    advice: str = ""
    seconds: float = 0.0
    remark: str = ""

    @classmethod
    def of(cls, row: Row, held: Satisfied) -> "Result":
        """The end of a row that holds without an act."""
        return cls(row, Status.OK, held.note, remark=held.remark)


@dataclass(frozen=True)
class HostResult:
    """One host's end."""

    host: str
    status: HostStatus
    why: str = ""
    advice: str = ""
    code: Code | None = None


@dataclass(frozen=True)
class Report:
    """All rows in the playbook's order, all hosts in the inventory's. `acted`: an act has begun, on whichever host."""

    playbook: str
    rows: tuple[Result, ...]
    hosts: tuple[HostResult, ...]
    seconds: float = 0.0
    interrupted: bool = False
    acted: bool = False

    def count(self, status: Status) -> int:
        """How many rows ended so."""
        return sum(result.status is status for result in self.rows)
