"""Events as lines for a person: (who, words). The plain lines and the live table's scrollback say the same ones."""

from collections.abc import Iterator
from typing import Protocol

from bootstrap.model.decision import Change, Decision, Later, Waiting
from bootstrap.model.event import ActStarted, Event, HostSeen, HostWaiting, RowDecided, RowEnded, RowWaiting, RunStarted
from bootstrap.model.report import HostResult, HostStatus, Result, Status
from bootstrap.show.advice import advised
from bootstrap.show.words import LOOKS, counted, duration


class Telling(Protocol):
    """Which lines an event is worth."""

    def __call__(self, event: Event, *, verbose: bool) -> Iterator[tuple[str, str]]:
        """(who, words), in order."""
        ...


SILENT = {Status.OK, Status.NOT_RUN}
TIMED = {Status.CHANGED, Status.FAILED}


def told(event: Event, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """Every line that this event is worth on a plain log: what starts, what waits, what ended otherwise than well."""
    match event:
        case RunStarted(playbook, run_id, rows):
            targets = {row.target.name for row in rows}
            yield playbook, f"{counted(len(rows), 'state')} on {counted(len(targets), 'target')}, run {run_id}"
        case HostWaiting(host, on):
            yield host, f"waits for {on}"
        case RowDecided(row, decision) if verbose and (words := _decided(decision)):
            yield row.target.name, f"{row.step.name()} decided: {words}"
        case ActStarted(row, summary):
            yield row.target.name, f"{row.step.name()} … {summary}"
        case RowWaiting(row, on):
            yield row.target.name, f"{row.step.name()} waits for {on}"
        case _:
            yield from ended(event, verbose=verbose)


def ended(event: Event, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """Only what is over: rows that changed something or went wrong, hosts that fell. `verbose`: every row.

    Rows that were not run are silent too: the one that they stopped at has told why.
    """
    match event:
        case HostSeen(result) if result.status is not HostStatus.REACHED:
            yield from _fallen(result)
        case RowEnded(result) if verbose or result.status not in SILENT:
            yield from _row(result)
        case _:
            return


def _decided(decision: Decision) -> str:
    """Words for a decision that does not end its row at once."""
    match decision:
        case Change(summary):
            return f"change: {summary}"
        case Waiting(on):
            return f"waiting for {on}"
        case Later(after, summary):
            return f"later, after {after}: {summary}"
        case _:
            return ""


def _fallen(result: HostResult) -> Iterator[tuple[str, str]]:
    code = f" {result.code}" if result.code else ""
    yield result.host, f"{result.status}{code}: {result.why}"
    for line in advised(result.advice):
        yield result.host, f"  {line}"


def _row(result: Result) -> Iterator[tuple[str, str]]:
    target, step = result.row.target.name, result.row.step.name()
    code = f" {result.code}" if result.code else ""
    words = result.note or "; ".join(result.remark.splitlines())
    note = f": {words}" if words else ""
    took = f" ({duration(result.seconds)})" if result.status in TIMED else ""
    yield target, f"{LOOKS[result.status].sign} {step} {result.status}{code}{note}{took}"
    for line in result.evidence.strip().splitlines():
        yield target, f"  | {line}"
    for line in advised(result.advice):
        yield target, f"  {line}"
