"""What happens in a run, as values: the live table, JSON lines and the journal all listen to the same ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bootstrap.model.decision import Decision
from bootstrap.model.playbook import Row
from bootstrap.model.report import HostResult, Report, Result


@dataclass(frozen=True)
class RunStarted:
    """The rows that will be walked, in order."""

    playbook: str
    run_id: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class HostConnecting:
    """A host's connection is being opened."""

    host: str


@dataclass(frozen=True)
class HostWaiting:
    """What a host waits for before it can answer: an act in flight there."""

    host: str
    on: str


@dataclass(frozen=True)
class HostSeen:
    """A host answered, or is out of this run."""

    result: HostResult


@dataclass(frozen=True)
class RowDecided:
    """A row's decision on fresh facts."""

    row: Row
    decision: Decision


@dataclass(frozen=True)
class BlobSent:
    """Progress of a file on its way to a host, in bytes.

    `before_bytes` are those of the row's files that went before it, `total_bytes` those of all that the row sends.
    """

    row: Row
    sha256: str
    sent_bytes: int
    size_bytes: int
    before_bytes: int = 0
    total_bytes: int = 0

    @property
    def row_sent_bytes(self) -> int:
        """Of all files of the row."""
        return self.before_bytes + self.sent_bytes

    @property
    def row_total_bytes(self) -> int:
        """Of all files of the row."""
        return max(self.total_bytes, self.before_bytes + self.size_bytes)


@dataclass(frozen=True)
class ActStarted:
    """An act runs on the row's host."""

    row: Row
    summary: str


@dataclass(frozen=True)
class RowWaiting:
    """What a row waits for: another step, an act in flight, or the state to settle."""

    row: Row
    on: str


@dataclass(frozen=True)
class RowEnded:
    """A row is done."""

    result: Result


@dataclass(frozen=True)
class RunEnded:
    """The whole report."""

    report: Report


Event: TypeAlias = (
    RunStarted
    | HostConnecting
    | HostWaiting
    | HostSeen
    | RowDecided
    | BlobSent
    | ActStarted
    | RowWaiting
    | RowEnded
    | RunEnded
)
Observer: TypeAlias = Callable[[Event], None]
