"""Tasks in threads that a Ctrl-C can leave: daemon threads, waited for in small slices."""

import threading
from collections.abc import Callable, Sequence

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


def in_parallel(
    tasks: Sequence[Callable[[], object]], *, most: int = MOST_THREADS, on_interrupt: Callable[[], None] | None = None
) -> None:
    """Run all tasks, `most` at a time; raises the first error once all have ended.

    KeyboardInterrupt leaves at once; with `on_interrupt` the first one calls it and goes on waiting.
    """
    errors = _Errors()
    queue = iter(tasks)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                task = next(queue, None)
            if task is None:
                return
            try:
                task()
            except BaseException as error:  # told to the thread that started us
                errors.keep(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(len(tasks), most))]
    for thread in threads:
        thread.start()
    _join(threads, on_interrupt)
    errors.raise_first()


def _join(threads: Sequence[threading.Thread], on_interrupt: Callable[[], None] | None) -> None:
    for thread in threads:
        while thread.is_alive():
            try:
                thread.join(_SLICE_S)
            except KeyboardInterrupt:
                if on_interrupt is None:
                    raise
                on_interrupt()
                on_interrupt = None
