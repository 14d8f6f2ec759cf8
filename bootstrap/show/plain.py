"""Plain lines for where no terminal is: one line per event that matters, and a heartbeat for what takes long."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from bootstrap.model.event import Event, HostWaiting, RowWaiting
from bootstrap.model.redact import Redactor
from bootstrap.show.board import Board, Line, advance
from bootstrap.show.started import as_typed
from bootstrap.show.telling import Telling, told
from bootstrap.show.words import duration

HEARTBEAT_S = 10.0
_RAREST_S = 60.0
_TICK_S = 1.0


@dataclass
class PlainLines:
    """An observer that writes lines such as `  12.3s w1 containerd-installed changed: 4 packages (6.1 s)`.

    Satisfied rows are silent unless `verbose`. An act says every 10 s that it goes on, a long one less and less often;
    who waits says for what once, and again after a minute.
    """

    stream: TextIO
    redact: Redactor = field(default_factory=Redactor)
    verbose: bool = False
    tell: Telling = told
    clock: Callable[[], float] = time.monotonic
    board: Board = field(default_factory=Board)
    _began_s: float = field(init=False)
    _said_s: dict[str, float] = field(default_factory=dict, init=False)
    _waits_s: dict[tuple[str, str], float] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._began_s = self.clock()

    def __call__(self, event: Event) -> None:
        """Take an event, from any thread."""
        with self._lock:
            self.board = advance(self.board, event, self.clock())
            for target, words in self.tell(event, verbose=self.verbose):
                if not isinstance(event, RowWaiting | HostWaiting) or self._is_news(target, words):
                    self._say(target, words)

    def tick(self) -> None:
        """Say what has been under way for long; called about once a second."""
        with self._lock:
            for line in self.board.lines:
                if line.busy and self._overdue(line):
                    waited = duration(self.clock() - line.since_s)
                    self._say(line.target, f"{line.step or 'connection'} … {line.told(self.clock())} ({waited} so far)")

    @contextmanager
    def beating(self) -> Iterator["PlainLines"]:
        """Within, a thread ticks."""
        stop = threading.Event()

        def beat() -> None:
            while not stop.wait(_TICK_S):
                self.tick()

        thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join()

    def _overdue(self, line: Line) -> bool:
        """After 10 s, an act then after a third of the time that it has taken, at most a minute; who waits then."""
        now_s, said_s = self.clock(), self._said_s.get(line.target, -math.inf)
        if line.acting:
            patience_s = min(_RAREST_S, max(HEARTBEAT_S, (now_s - line.since_s) / 3))
        else:
            patience_s = HEARTBEAT_S if said_s < line.since_s else _RAREST_S
        return not line.done and now_s - max(line.since_s, said_s) >= patience_s

    def _is_news(self, target: str, words: str) -> bool:
        """The same reason comes with every answer of a host, every few seconds."""
        now_s = self.clock()
        if now_s - self._waits_s.get((target, words), -_RAREST_S) < _RAREST_S:
            return False
        self._waits_s[target, words] = now_s
        return True

    def _say(self, target: str, words: str) -> None:
        now_s = self.clock()
        self._said_s[target] = now_s
        self.stream.write(as_typed(self.redact(f"{now_s - self._began_s:7.1f}s {target} {words}")) + "\n")
        self.stream.flush()
