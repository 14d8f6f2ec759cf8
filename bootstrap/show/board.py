"""Where a run stands, folded from its events: what the live table draws and what the heartbeat says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bootstrap.model.event import (
    ActStarted,
    BlobSent,
    Event,
    HostConnecting,
    HostSeen,
    HostWaiting,
    RowDecided,
    RowEnded,
    RowWaiting,
    RunEnded,
    RunStarted,
)
from bootstrap.model.playbook import Row
from bootstrap.model.report import HostStatus, Result, Status
from bootstrap.show.flow import Flow


@dataclass(frozen=True, slots=True)
class Line:
    """One target. `doing` began at `since_s`; `busy`: there is something to tell; `acting`: it is an act."""

    target: str
    total: int = 0
    ended: int = 0
    changed: int = 0
    phase: str = ""
    step: str = ""
    act: str = ""
    doing: str = ""
    since_s: float = 0.0
    busy: bool = False
    acting: bool = False
    worst: Status = Status.OK
    fallen: str = ""
    flow: Flow | None = None

    @property
    def done(self) -> bool:
        """Nothing of this target is left to walk."""
        return bool(self.fallen) or self.ended >= self.total

    def told(self, now_s: float, *, brief: bool = False) -> str:
        """What it does now, in words; of bytes on their way how many and how fast, `brief` in a narrow column."""
        if self.flow is None:
            return self.doing
        return self.flow.brief(now_s) if brief else self.flow.words(now_s)


@dataclass(frozen=True, slots=True)
class Board:
    """The run. `targets` in the order in which the playbook first names them."""

    playbook: str = ""
    targets: Mapping[str, Line] = field(default_factory=dict)
    total: int = 0
    ended: int = 0
    over: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """One per target."""
        return tuple(self.targets.values())

    def rate(self, now_s: float) -> float:
        """Bytes a second to all targets together."""
        return sum(line.flow.rate(now_s) for line in self.lines if line.flow)


_GRAVITY = (Status.OK, Status.CHANGED, Status.NOT_RUN, Status.WAITING, Status.BLOCKED, Status.FAILED)


def advance(board: Board, event: Event, now_s: float) -> Board:
    """The board after this event; `now_s` on any clock that only goes forward."""
    after = board
    match event:
        case RunStarted(playbook, _, rows):
            after = _started(playbook, rows, now_s)
        case HostConnecting(host):
            after = _with(board, host, doing="connecting", since_s=now_s, busy=True)
        case HostWaiting(host, on):
            after = _with(board, host, doing=f"waits for {on}", since_s=now_s, busy=True)
        case HostSeen(result):
            reached = result.status is HostStatus.REACHED
            after = _with(board, result.host, doing="", busy=False, fallen="" if reached else str(result.status))
        case RowDecided():
            # A whole plan is decided at once, long before its rows have their turn.
            after = board
        case ActStarted(row, summary):
            after = _with(_at(board, row, summary, now_s, acting=True), row.target.name, act=summary)
        case RowWaiting(row, on):
            after = _at(board, row, f"waits for {on}", now_s)
        case BlobSent():
            after = _sent(board, event, now_s)
        case RowEnded(result):
            after = _ended(board, result, now_s)
        case RunEnded():
            after = replace(board, over=True)
    return after


def _started(playbook: str, rows: tuple[Row, ...], now_s: float) -> Board:
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.target.name] = totals.get(row.target.name, 0) + 1
    lines = {name: Line(name, total=total, since_s=now_s) for name, total in totals.items()}
    return Board(playbook, lines, total=len(rows))


def _with(board: Board, target: str, **changes: object) -> Board:
    line = replace(board.targets.get(target, Line(target)), **changes)  # type: ignore[arg-type]
    return replace(board, targets={**board.targets, target: line})


def _at(board: Board, row: Row, doing: str, now_s: float, *, acting: bool = False) -> Board:
    """The row is now at this; "since" starts anew when the row is another, or acts where it waited."""
    line = board.targets.get(row.target.name, Line(row.target.name))
    same = line.busy and line.step == row.step.name() and line.acting == acting
    since_s = line.since_s if same else now_s
    return _with(
        board,
        row.target.name,
        phase=row.phase,
        step=row.step.name(),
        doing=doing,
        since_s=since_s,
        busy=True,
        acting=acting,
        flow=None,
    )


def _sent(board: Board, event: BlobSent, now_s: float) -> Board:
    """Once all is there the row is at what it does with it."""
    name = event.row.target.name
    line = board.targets.get(name, Line(name))
    if event.row_sent_bytes >= event.row_total_bytes:
        return _at(board, event.row, line.act, now_s, acting=True)
    flow = (line.flow or Flow()).after(event.sha256, event.row_sent_bytes, event.row_total_bytes, now_s)
    return _with(_at(board, event.row, "sending", now_s, acting=True), name, flow=flow)


def _ended(board: Board, result: Result, now_s: float) -> Board:
    line = board.targets.get(result.row.target.name, Line(result.row.target.name))
    worst = max(line.worst, result.status, key=_GRAVITY.index)
    changed = line.changed + (result.status is Status.CHANGED)
    here = line.step in {result.row.step.name(), ""}
    settled = {"doing": "", "busy": False, "acting": False, "since_s": now_s, "flow": None} if here else {}
    after = _with(
        board, result.row.target.name, ended=line.ended + 1, changed=changed, worst=worst, phase=result.row.phase,
        **settled,
    )  # fmt: skip
    return replace(after, ended=board.ended + 1)
