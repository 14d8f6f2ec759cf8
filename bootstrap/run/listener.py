"""Between the run and its observer: events one at a time, and no secret in any of them."""

import threading
from collections.abc import Iterable
from dataclasses import replace

from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.event import ActStarted, Event, HostSeen, HostWaiting, Observer, RowDecided, RowWaiting
from bootstrap.model.redact import Redactor
from bootstrap.model.report import HostResult, Result
from bootstrap.model.text import Secret


class Listener:
    """Masks every secret that it has learnt of in what hosts and steps said."""

    def __init__(self, observer: Observer, known: Iterable[Secret] = ()) -> None:
        self._observer = observer
        self._lock = threading.Lock()
        self._deaf = False
        self.failure: Exception | None = None
        self._redact = Redactor.of(known)

    def learn(self, found: Iterable[Secret]) -> None:
        """From here on these are masked too."""
        with self._lock:
            self._redact = self._redact.knowing(found)

    def mask(self, words: str) -> str:
        """`words` without any known secret."""
        return self._redact(words)

    def masked(self, result: Result) -> Result:
        """A row's result without any known secret."""
        note, evidence, advice = map(self.mask, (result.note, result.evidence, result.advice))
        return replace(result, note=note, evidence=evidence, advice=advice, remark=self.mask(result.remark))

    def masked_host(self, result: HostResult) -> HostResult:
        """A host's result without any known secret."""
        return replace(result, why=self.mask(result.why), advice=self.mask(result.advice))

    def masked_decision(self, decision: Decision) -> Decision:
        """A decision's words without any known secret; what stands in actions masks itself."""
        match decision:
            case Satisfied(note, remark):
                return Satisfied(self.mask(note), self.mask(remark))
            case Change(summary, actions):
                return Change(self.mask(summary), actions)
            case Waiting(on):
                return Waiting(self.mask(on))
            case Later(after, summary):
                return Later(after, self.mask(summary))
            case Blocked(code, problem, advice):
                return Blocked(code, self.mask(problem), self.mask(advice))

    def tell(self, event: Event) -> None:
        """Hand one event on; the observer is never called twice at once."""
        match event:
            case RowDecided(row, decision):
                event = RowDecided(row, self.masked_decision(decision))
            case ActStarted(row, summary):
                event = ActStarted(row, self.mask(summary))
            case RowWaiting(row, on):
                event = RowWaiting(row, self.mask(on))
            case HostSeen(result):
                event = HostSeen(self.masked_host(result))
        with self._lock:
            if not self._deaf:
                self._hand_on(event)

    def _hand_on(self, event: Event) -> None:
        """A screen that fails (nobody reads it any more, or a bug in it) must not stop the run: it goes on unseen."""
        try:
            self._observer(event)
        except Exception as error:
            self._deaf = True
            self.failure = None if isinstance(error, OSError) else error

    def fell(self, result: HostResult) -> None:
        """Tell that a host is out of the run, when it happens."""
        self.tell(HostSeen(result))

    def in_flight(self, host: str) -> None:
        """Tell that a host answers only when an act there has ended: another run's, or that of one that was killed."""
        self.tell(HostWaiting(host, "the end of an act in flight"))

    def leave(self) -> None:
        """Tell nothing more: the observer may be gone."""
        self._deaf = True
