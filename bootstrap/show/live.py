"""The live table of a terminal: one line per target, what it does now, and since when."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@dataclass
class LiveTable:
    """An observer. What changed or went wrong scrolls by above the table; the table itself is gone at the end."""

    console: Console
    redact: Redactor = field(default_factory=Redactor)
    verbose: bool = False
    clock: Callable[[], float] = time.monotonic
    board: Board = field(default_factory=Board)
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
            self.console.print(Text(as_typed(self.redact(stamp))), soft_wrap=True)

    @contextmanager
    def shown(self) -> Iterator["LiveTable"]:
        """Within, the table is on the screen and redrawn."""
        with Live(get_renderable=self.frame, console=self.console, refresh_per_second=_FRAMES_PER_S, transient=True):
            yield self

    def frame(self) -> RenderableType:
        """The table as of now."""
        with self._lock:
            board = self.board
        now_s = self.clock()
        shown, hidden = _fitting(board.lines, self.console.height - _FRAME_LINES)
        table = Table(box=None, padding=(0, 1), pad_edge=False, expand=True)
        table.add_column("", width=1)
        table.add_column("target", no_wrap=True, max_width=24)
        table.add_column("holds", justify="right", no_wrap=True)
        table.add_column("step", no_wrap=True, min_width=25, max_width=28)
        table.add_column("now", no_wrap=True, ratio=1, overflow="ellipsis")
        table.add_column("for", justify="right", no_wrap=True, min_width=8)
        for line in shown:
            table.add_row(*self._cells(line, now_s))
        parts: list[RenderableType] = [table]
        if hidden:
            done = sum(line.done for line in hidden)
            parts.append(Text(f"  … {len(hidden)} more: {done} done, {len(hidden) - done} under way", "dim"))
        return Group(*parts, self._footer(board, now_s))

    def _cells(self, line: Line, now_s: float) -> tuple[Text, ...]:
        holds = Text(f"{line.ended}/{line.total}")
        if line.fallen:
            return Text("✗", "red"), Text(line.target), holds, Text(""), Text(line.fallen, "red"), Text("")
        look = LOOKS[line.worst]
        if line.done:
            return Text(look.sign, look.style), Text(line.target), holds, Text(""), Text("done", "dim"), Text("")
        spin = _SPINNER[int(now_s * _FRAMES_PER_S) % len(_SPINNER)] if line.busy else " "
        waited = duration(now_s - line.since_s) if line.busy else ""
        return Text(spin), Text(line.target), holds, Text(line.step), Text(self.redact(line.told(now_s))), Text(waited)

    def _footer(self, board: Board, now_s: float) -> Text:
        rate = board.rate(now_s)
        sending = f"  sending {speed(rate)} in all" if rate else ""
        return Text(f"{board.playbook} {board.ended}/{board.total}  {duration(now_s - self._began_s)}{sending}", "bold")


def _fitting(lines: tuple[Line, ...], room: int) -> tuple[list[Line], list[Line]]:
    """Those that fit the screen, in their order; what is busy stays in sight before what waits or is done."""
    if len(lines) <= max(room, 1):
        return list(lines), []
    urgent = sorted(lines, key=lambda line: (line.done, not line.busy))[: max(room - 1, 1)]
    chosen = {line.target for line in urgent}
    return [line for line in lines if line.target in chosen], [line for line in lines if line.target not in chosen]
