"""Work that one process of a machine does at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def alone(path: Path, before_waiting: Callable[[], None]) -> Iterator[None]:
    """Holds the lock file at `path`, in a folder that is there; whoever else holds it has to end first."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        before_waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
