"""One host as planning sees it: it can be asked, and nothing else. One exec at a time, for all who wait."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential

from bootstrap.model.answer import Answer, Unreadable
from bootstrap.model.fact import Question
from bootstrap.model.report import HostResult, HostStatus
from bootstrap.model.target import OPERATOR
from bootstrap.run import asking, in_flight
from bootstrap.run.ledger import Ledger, Since
from bootstrap.transport.connection import Completed, Connection
from bootstrap.transport.errors import (
    HostKeyRefused,
    HostLost,
    HostTimeout,
    LoginRefused,
    SudoRefused,
    TransportError,
    Unreachable,
)

_EXEC_MARGIN_S: Final = 30.0
_FLIGHTS_WATCHED: Final = 4
MOST_LOSSES: Final = 4


@dataclass(frozen=True)
class Patience:
    """How long a host that was lost in the middle is waited for (it may be restarting), in seconds."""

    reconnect_s: float = 120.0
    pause_s: float = 5.0


@dataclass
class _Lost:
    """When to give a host up: so long after it was last lost, for what was lost may have taken minutes before."""

    patience_s: float
    losses: int = 0
    since: float = 0.0

    def __call__(self, state: RetryCallState) -> bool:
        """tenacity's `stop`; a link that never stands for long enough does not begin the waiting anew for ever."""
        now = state.outcome_timestamp or time.monotonic()
        error = state.outcome.exception() if state.outcome else None
        if not self.losses or (isinstance(error, HostLost) and self.losses < MOST_LOSSES):
            self.losses, self.since = self.losses + 1, now
        return now - self.since >= self.patience_s


class Eyes:
    """Asks one host. Threads that want answers at the same time share one exec."""

    def __init__(self, host: str, connection: Connection, ledger: Ledger, patience: Patience) -> None:
        self.host = host
        self._connection = connection
        self._ledger = ledger
        self._patience = patience
        self._turn = threading.Lock()
        self._wanted: dict[Question, None] = {}
        self._wanted_lock = threading.Lock()
        self._seen = False

    def ask(
        self, questions: Sequence[Question], since: Since, *, on_flight: Callable[[], None] = lambda: None
    ) -> HostResult | None:
        """Bring these answers up to `since`, in one exec; none when they are. Returns how the host fell, if it did.

        `on_flight` is told when an act is in flight, and its end is being waited for.
        """
        with self._wanted_lock:
            self._wanted.update(dict.fromkeys(questions))
        with self._turn:
            missing = [question for question in questions if self._ledger.is_stale(question, since)]
            known = self._seen or self._ledger.fallen(self.host)
            if missing or not known:
                self._exchange(self._collect(missing), on_flight)
            else:
                self._forget(questions)
        return self._ledger.fallen(self.host)

    def _collect(self, missing: Iterable[Question]) -> tuple[Question, ...]:
        """What this exec asks: the caller's, and what others in the queue want."""
        with self._wanted_lock:
            batch = tuple(dict.fromkeys((*missing, *self._wanted)))
            self._wanted.clear()
        return batch

    def _forget(self, questions: Iterable[Question]) -> None:
        with self._wanted_lock:
            for question in questions:
                self._wanted.pop(question, None)

    def _exchange(self, batch: Sequence[Question], on_flight: Callable[[], None]) -> None:
        for _ in range(_FLIGHTS_WATCHED):
            moment = self._ledger.now()
            reply = self._reply(batch)
            if reply is None:
                return
            if not reply.in_flight:
                self._ledger.record(dict(zip(batch, reply.answers, strict=True)), moment)
                return
            on_flight()
            self._ledger.foreign_act(self.host)
            self._exec(in_flight.watching(), in_flight.WATCH_S)
        why = Unreadable(f"an act has been in flight on {self.host} for too long")
        self._ledger.record(dict.fromkeys(batch, why), self._ledger.now())

    def _reply(self, batch: Sequence[Question]) -> asking.Reply | None:
        """The answers of one exec; None when the host fell."""
        facts = [question.fact for question in batch]
        script = asking.opening(operator=self.host == OPERATOR) + asking.asking(facts)
        completed = self._exec(script, asking.patience_s(facts))
        if completed is None:
            return None
        if completed.exit_code != 0 and not completed.stdout:
            answer: Answer[object] = Unreadable(f"{self.host} could not be asked: {completed.stderr.strip()[-300:]}")
            return asking.Reply((answer,) * len(facts), in_flight=False)
        return asking.read(facts, completed.stdout)

    def _exec(self, script: str, patience_s: float) -> Completed | None:
        """Run a script that only asks, again when the connection was lost; None when the host fell or was silent."""
        began = time.monotonic()
        try:
            # a host that was seen before may be restarting; one that never was is tried as the transport does
            for attempt in self._retrying((HostLost, Unreachable) if self._seen else (HostLost,)):
                with attempt:
                    completed = self._once(script, patience_s)
        except TransportError as error:
            if self._seen and isinstance(error, HostTimeout):  # it stands, and has no answer
                return Completed(1, b"", error.problem, time.monotonic() - began)
            self._ledger.fall(fallen(self.host, error, lost=self._seen))
            return None
        self._seen = True
        return completed

    def _once(self, script: str, patience_s: float) -> Completed:
        return self._connection.run(script, timeout_s=patience_s + _EXEC_MARGIN_S, root=self.host != OPERATOR)

    def _retrying(self, errors: tuple[type[TransportError], ...]) -> Retrying:
        """Connect again, after these errors, for as long as patience lasts."""
        return Retrying(
            retry=retry_if_exception_type(errors),
            stop=_Lost(self._patience.reconnect_s if self._seen else self._patience.pause_s),
            wait=wait_exponential(max=self._patience.pause_s, multiplier=min(0.5, self._patience.pause_s)),
            reraise=True,
        )


def fallen(host: str, error: TransportError, *, lost: bool) -> HostResult:
    """How a host left the run; `lost` when it had been reached before."""
    match error:
        case HostKeyRefused():
            status = HostStatus.KEY_REFUSED
        case LoginRefused() | SudoRefused():
            status = HostStatus.LOGIN_REFUSED
        case _:
            status = HostStatus.LOST if lost else HostStatus.UNREACHABLE
    why = f"{error.problem}: {error.evidence}" if error.evidence else error.problem
    return HostResult(host, status, why, error.advice, error.code)
