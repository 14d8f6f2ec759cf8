"""How far the rows have come: who waits for a row sleeps here."""

import threading
from collections.abc import Sequence

from bootstrap.model.playbook import Row
from bootstrap.model.report import Result


class Progress:
    """Shared by all threads of one run."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._results: dict[tuple[str, str], Result] = {}
        self._stopping = False

    def end(self, result: Result) -> None:
        """The row has ended, and so has the wait of those who need it."""
        with self._changed:
            self._results[result.row.id] = result
            self._changed.notify_all()

    def stop(self) -> None:
        """No new row starts from here on."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping

    def result(self, row: Row) -> Result | None:
        """How the row ended, None while it has not."""
        with self._changed:
            return self._results.get(row.id)

    def unended(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Those that have not ended yet."""
        with self._changed:
            return tuple(row for row in rows if row.id not in self._results)

    def wait_for(self, rows: Sequence[Row], *, heed_stop: bool) -> tuple[Result, ...] | None:
        """Sleep until all have ended and give their results; None when the run stops before that."""
        with self._changed:
            while not all(row.id in self._results for row in rows):
                if heed_stop and self._stopping:
                    return None
                self._changed.wait()
            return tuple(self._results[row.id] for row in rows)

    def pause(self, seconds: float, *, heed_stop: bool) -> None:
        """Sleep, but not longer than the run goes on."""
        with self._changed:
            self._changed.wait_for(lambda: heed_stop and self._stopping, seconds)
