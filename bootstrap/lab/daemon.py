"""A lab's daemons: processes of this machine that outlive the command which started them.

Each holds its lock file (flock(2)) as long as it lives, so that no kill leaves a false trace, and writes its process id
into it.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bootstrap.lab.command import environment
from bootstrap.lab.entry import PACKAGE_ROOT

START_TIMEOUT_S = 15.0
END_TIMEOUT_S = 15.0
LOOKED_AT_S = 1.0


def lives(lock: Path) -> bool:
    """Whether a daemon holds this lock."""
    try:
        handle = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def start(module: str, words: Sequence[str], *, lock: Path, log: Path) -> None:
    """Starts `python -m module words` apart from this session; returns when it holds its lock, or ended without it."""
    with log.open("a") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env={**environment(), "PYTHONPATH": str(PACKAGE_ROOT)},
            start_new_session=True,
        )
    until(lambda: lives(lock) or process.poll() is not None, START_TIMEOUT_S)


def hold(lock: Path) -> bool:
    """Called by the daemon itself: whether it has the lock, for life. A second one of the same kind does not get it."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    # Who looks whether a daemon lives holds the lock for a moment.
    if not until(lambda: _locked(handle), LOOKED_AT_S):
        os.close(handle)
        return False
    os.ftruncate(handle, 0)
    os.write(handle, f"{os.getpid()}\n".encode())
    return True


def end(lock: Path) -> bool:
    """Ends the daemon, by SIGTERM and where that does nothing by SIGKILL; whether it is gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not lives(lock):
            break
        if process := int(lock.read_text() or 0):  # nothing in it yet: it has only just begun
            send(process, number)
        ended(lock, END_TIMEOUT_S)
    return not lives(lock)


def ended(lock: Path, timeout_s: float) -> bool:
    """Waits until the daemon is gone; whether it is."""
    return until(lambda: not lives(lock), timeout_s)


def send(process: int, number: int) -> bool:
    """Sends a signal; False when the process has ended meanwhile."""
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


def until(holds: Callable[[], bool], timeout_s: float) -> bool:
    """Asks again and again; False when it does not hold in time."""
    deadline = time.monotonic() + timeout_s
    while not (answer := holds()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return answer


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
