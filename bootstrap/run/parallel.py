"""Tasks in threads that a Ctrl-C can leave: daemon threads, waited for by events."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

MOST_THREADS = 256
_SLICE_S = 0.5


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
        event.wait()
    errors.raise_first()


def interruptible(task: Callable[[], T], on_interrupt: Callable[[], None]) -> T:
    """Run the task in a thread, so that Ctrl-C never breaks it anywhere: `on_interrupt` is told, and may raise.

    Returns what the task returned, or raises what it raised.
    """
    errors, results = _Errors(), list[T]()
    ended = threading.Event()  # Thread.join must not be interrupted: CPython 3.11 then takes the thread for ended

    def work() -> None:
        try:
            results.append(task())
        except BaseException as error:  # told to the thread that waits
            errors.keep(error)
        finally:
            ended.set()

    threading.Thread(target=work, daemon=True).start()
    while not ended.is_set():
        try:
            ended.wait(_SLICE_S)
        except KeyboardInterrupt:
            on_interrupt()
    errors.raise_first()
    return results[0]
