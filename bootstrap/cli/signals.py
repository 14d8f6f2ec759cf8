"""SIGTERM and SIGHUP stop a run the way Ctrl-C does; which one it was decides the exit code."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from bootstrap.model.exit_code import ExitCode

_EXITS = {signal.SIGTERM: ExitCode.TERMINATED, signal.SIGHUP: ExitCode.HANGUP, signal.SIGINT: ExitCode.INTERRUPTED}


@dataclass
class Received:
    """The signal that came first, None while none came. `notice` is what to say on stderr when one comes.

    `noticed` is what was said so.
    """

    signal: int | None = None
    notice: str = ""
    noticed: str = ""

    def exit_code(self, ended: int) -> int:
        """The code of a command that ended with `ended`: an interrupted one names the signal that interrupted it."""
        if ended != ExitCode.INTERRUPTED or self.signal is None:
            return ended
        return _EXITS[signal.Signals(self.signal)]


def shell_code(returncode: int) -> int:
    """A child's end as a shell tells it: 128 and the signal's number where one killed it."""
    return returncode if returncode >= 0 else 128 - returncode


@contextmanager
def as_interrupt() -> Iterator[Received]:
    """Within, SIGTERM and SIGHUP raise KeyboardInterrupt in the main thread as SIGINT does; restored on the way out."""
    received = Received()

    def interrupt(number: int, _frame: FrameType | None) -> None:
        received.signal = received.signal or number
        if received.notice:
            # Not print: the main thread may be inside the stream's own lock.
            with suppress(OSError):  # a terminal that hung up
                os.write(sys.stderr.fileno(), f"\r{received.notice}\n".encode())
            received.noticed, received.notice = received.notice, ""
        raise KeyboardInterrupt

    # What the starter ignores stays ignored: `nohup kboot up &` outlives a logout.
    heard = [number for number in _EXITS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in heard}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
