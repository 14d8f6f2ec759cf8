"""When the reader of stdout goes away."""

import os
import signal
import sys

# What a shell reports for a program that SIGPIPE ended: `kboot status | head -1` is no error of ours.
PIPE_CLOSED = 128 + signal.SIGPIPE


def stand_in_for_closed() -> None:
    """Put /dev/null where a stream is closed (`kboot status >&-`): Python has None, sockets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for as long as we run


def silence_stdout() -> None:
    """Point stdout at /dev/null, or the interpreter complains once more when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
