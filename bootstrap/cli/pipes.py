"""When the reader of stdout goes away."""

import os
import signal
import sys

# What a shell reports for a program that SIGPIPE ended: `kboot status | head -1` is no error of ours.
PIPE_CLOSED = 128 + signal.SIGPIPE


def silence_stdout() -> None:
    """Point stdout at /dev/null, or the interpreter complains once more when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
