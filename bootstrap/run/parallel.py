"""Tasks in threads that a Ctrl-C can leave: daemon threads, waited for by events."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Handler: TypeAlias = Callable[[int, FrameType | None], Any]

MOST_THREADS = 256
_SLICE_S = 0.5
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Errors:
    """The first error of any task."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first: BaseException | None = None

    def keep(self, error: BaseException) -> None:
        with self._lock:
            self._first = self._first or error

    def raise_first(self) -> None:
        if self._first is not None:
            raise self._first


def in_parallel(tasks: Sequence[Callable[[], object]], *, most: int = MOST_THREADS) -> None:
    """Run all tasks, `most` at a time; raises the first error once all have ended. KeyboardInterrupt leaves at once."""
    errors = _Errors()
    queue = iter(tasks)
    lock = threading.Lock()

    def work(ended: threading.Event) -> None:
        while True:
            with lock:
                task = next(queue, None)
            if task is None:
                ended.set()
                return
            try:
                task()
            except BaseException as error:  # told to the thread that started us
                errors.keep(error)

    ended = [threading.Event() for _ in range(min(len(tasks), most))]
    for event in ended:
        threading.Thread(target=work, args=(event,), daemon=True).start()
    for event in ended:
        while not event.wait(_SLICE_S):
            pass
    errors.raise_first()


def interruptible(task: Callable[[], T], on_interrupt: Callable[[], None]) -> T:
    """Run the task in a thread, so that Ctrl-C never breaks it anywhere: `on_interrupt` is told, and may raise.

    Returns what the task returned, or raises what it raised. An interrupt that comes once it has ended is not told.
    """
    errors, results = _Errors(), list[T]()
    told = SimpleQueue[bool]()  # True: the task has ended, False: an interrupt

    def work() -> None:
        try:
            results.append(task())
        except BaseException as error:  # told to the thread that waits
            errors.keep(error)
        finally:
            told.put(True)

    with _interrupts(lambda: told.put(False)):
        threading.Thread(target=work, daemon=True).start()
        while not _next(told):
            on_interrupt()
    errors.raise_first()
    return results[0]


def _next(told: "SimpleQueue[bool]") -> bool:
    """What was told next. In slices: a signal that comes just before a wait begins is handled only after it."""
    while True:
        with suppress(Empty):
            return told.get(timeout=_SLICE_S)


@contextmanager
def _interrupts(tell: Callable[[], None]) -> Iterator[None]:
    """Within, a signal whose handler raises KeyboardInterrupt calls `tell` instead, and breaks no line of ours.

    Caught where it is raised, and not around a wait: between two waits it would come through. `tell` must be reentrant.
    """

    def heard(before: Handler, number: int, frame: FrameType | None) -> None:
        try:
            before(number, frame)
        except KeyboardInterrupt:
            tell()

    restored: dict[int, Handler] = {}
    if threading.current_thread() is threading.main_thread():  # no other thread gets signals
        found = {number: signal.getsignal(number) for number in _INTERRUPTS}
        restored = {number: handler for number, handler in found.items() if callable(handler)}
    try:
        for number, handler in restored.items():
            signal.signal(number, partial(heard, handler))
        yield
    finally:
        for number, handler in restored.items():
            signal.signal(number, handler)
