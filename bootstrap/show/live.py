"""The live table of a terminal: one line per target, what it does now, and since when."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bootstrap.model.event import Event
from bootstrap.model.redact import Redactor
from bootstrap.show.board import Board, Line, advance
from bootstrap.show.flow import speed
from bootstrap.show.started import as_typed
from bootstrap.show.telling import ended
from bootstrap.show.words import LOOKS, duration

_FRAMES_PER_S = 5
_FRAME_LINES = 4
# Of a low screen the table takes most, and the last lines told some.
_LEAST_TOLD = 4
_USUAL_WIDTH = 80
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@dataclass
class LiveTable:
    """An observer. The table has the terminal's second screen, so that nothing of it stays, however the terminal is
    resized; what changed or went wrong stands below it, and on the first screen once the run is over.

    `notice` is what the person must know now, such as that the run is stopping; empty when there is nothing.
    """

    console: Console
    redact: Redactor = field(default_factory=Redactor)
    verbose: bool = False
    clock: Callable[[], float] = time.monotonic
    notice: Callable[[], str] = str
    board: Board = field(default_factory=Board)
    _told: list[str] = field(default_factory=list, init=False)
    _began_s: float = field(init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def __post_init__(self) -> None:
        self._began_s = self.clock()

    def __call__(self, event: Event) -> None:
        """Take an event, from any thread."""
        now_s = self.clock()
        with self._lock:
            self.board = advance(self.board, event, now_s)
            for target, words in ended(event, verbose=self.verbose):
                stamp = f"{now_s - self._began_s:7.1f}s {target} {words}"
                self._told.append(as_typed(self.redact(stamp)))

    @contextmanager
    def shown(self) -> Iterator["LiveTable"]:
        """Within, the table is on the screen and redrawn; afterwards all that was told is, line by line."""
        try:
            with Live(get_renderable=self.frame, console=self.console, refresh_per_second=_FRAMES_PER_S, screen=True):
                yield self
        finally:
            with self._lock:
                told, self._told = self._told, []
            with suppress(OSError):  # a terminal that hung up
                for line in (*told, *filter(None, [self.notice()])):
                    self.console.print(Text(line), soft_wrap=True)

    def frame(self) -> RenderableType:
        """The table as of now, and below it the last of what was told, as far as the screen goes."""
        with self._lock:
            board, told = self.board, self._told[-self.console.height :]
        now_s = self.clock()
        room = self.console.height - _FRAME_LINES
        shown, hidden = _fitting(board.lines, room - min(len(told), _LEAST_TOLD))
        left = max(room - len(shown) - bool(hidden), 0)
        table = Table(box=None, padding=(0, 1), pad_edge=False, expand=True)
        table.add_column("", width=1)
        table.add_column("target", no_wrap=True)
        table.add_column("holds", justify="right", no_wrap=True)
        table.add_column("step", no_wrap=True, min_width=25 if self.console.width >= _USUAL_WIDTH else 12, max_width=28)
        table.add_column("now", no_wrap=True, ratio=1, overflow="ellipsis")
        table.add_column("for", justify="right", no_wrap=True, min_width=8)
        for line in shown:
            sign, target, *others = self._cells(line, now_s)
            table.add_row(sign, Text(shortened(target.plain, self.console.width // 5)), *others)
        parts: list[RenderableType] = [table]
        if hidden:
            done = sum(line.done for line in hidden)
            parts.append(Text(f"  … {len(hidden)} more: {done} done, {len(hidden) - done} under way", "dim"))
        last = [Text(line, "dim", no_wrap=True, overflow="ellipsis") for line in told[max(len(told) - left, 0) :]]
        return Group(*parts, self._footer(board, now_s), *last)

    def _cells(self, line: Line, now_s: float) -> tuple[Text, ...]:
        holds = Text(f"{line.ended}/{line.total}")
        if line.fallen:
            return Text("✗", "red"), Text(line.target), holds, Text(""), Text(line.fallen, "red"), Text("")
        look = LOOKS[line.worst]
        if line.done:
            return Text(look.sign, look.style), Text(line.target), holds, Text(""), Text("done", "dim"), Text("")
        spin = _SPINNER[int(now_s * _FRAMES_PER_S) % len(_SPINNER)] if line.busy else " "
        waited = duration(now_s - line.since_s) if line.busy else ""
        doing = Text(self.redact(line.told(now_s, brief=True)))
        return Text(spin), Text(line.target), holds, Text(line.step), doing, Text(waited)

    def _footer(self, board: Board, now_s: float) -> Text:
        rate = board.rate(now_s)
        sending = f"  sending {speed(rate)} in all" if rate else ""
        where = f"{board.playbook} {board.ended}/{board.total}  {duration(now_s - self._began_s)}{sending}"
        if notice := self.notice():
            return Text(f"{notice.removeprefix('kboot: ')}  {where}", "bold yellow", no_wrap=True, overflow="ellipsis")
        return Text(where, "bold", no_wrap=True, overflow="ellipsis")


def shortened(name: str, room: int) -> str:
    """The name without its middle where it is longer: what tells hosts apart is often their names' end."""
    room = min(max(room, 9), 24)
    return name if len(name) <= room else f"{name[: (room - 1) // 2]}…{name[-(room // 2) :]}"


def _fitting(lines: tuple[Line, ...], room: int) -> tuple[list[Line], list[Line]]:
    """Those that fit the screen, in their order; what is busy stays in sight before what waits or is done."""
    if len(lines) <= max(room, 1):
        return list(lines), []
    urgent = sorted(lines, key=lambda line: (line.done, not line.busy))[: max(room - 1, 1)]
    chosen = {line.target for line in urgent}
    return [line for line in lines if line.target in chosen], [line for line in lines if line.target not in chosen]
