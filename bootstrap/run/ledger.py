"""What was answered and when, and who acted when: nothing is decided on a stale answer (law 4)."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bootstrap.model.answer import Answer, Unreadable
from bootstrap.model.fact import Facts, Question
from bootstrap.model.playbook import Row
from bootstrap.model.report import HostResult
from bootstrap.model.text import Secret, secrets_within


@dataclass(frozen=True)
class Stamped:
    """An answer, the moment its exec began, and how many acts its host had seen by then."""

    answer: Answer[Any]
    moment: int
    acts_seen: int


@dataclass(frozen=True)
class Since:
    """From when on an answer may be used: `floor` for every host, and the ends of acts by the host acted on.

    An act makes the answers of other hosts stale by its end; those of its own host are told apart by counting acts,
    for execs never overlap there, and the one that acts may also ask.
    """

    floor: int = 0
    acts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: "Iterable[Since]") -> "Since":
        """The latest of all."""
        floor = 0
        acts: dict[str, int] = {}
        for part in parts:
            floor = max(floor, part.floor)
            for host, moment in part.acts.items():
                acts[host] = max(moment, acts.get(host, 0))
        return cls(floor, acts)

    def and_act(self, host: str, moment: int) -> "Since":
        """After this act too."""
        return Since.of((self, Since(0, {host: moment})))

    def at(self, host: str) -> int:
        """The moment for questions to this host."""
        return max(self.floor, *(moment for other, moment in self.acts.items() if other != host), 0)


class Ledger:
    """Shared by all threads of one run. Moments are counted, not timed: each is later than every one given before."""

    def __init__(
        self,
        heard: Callable[[Iterable[Secret]], None] = lambda _secrets: None,
        fell: Callable[[HostResult], None] = lambda _result: None,
    ) -> None:
        """`heard` is told every secret that a host answered with, so that no screen shows it; `fell` every fall."""
        self._heard, self._fell = heard, fell
        self._lock = threading.Lock()
        self._moment = 0
        self._answers: dict[Question, Stamped] = {}
        self._acts: dict[str, int] = {}
        self._acted = False
        self._ended: dict[tuple[str, str], Since] = {}
        self._fallen: dict[str, HostResult] = {}

    def now(self) -> int:
        """A new moment."""
        with self._lock:
            self._moment += 1
            return self._moment

    def record(self, answers: Mapping[Question, Answer[Any]], moment: int) -> None:
        """Keep answers of an exec that began at `moment`."""
        self._heard(tuple(secrets_within(tuple(answers.values()))))
        with self._lock:
            for question, answer in answers.items():
                self._answers[question] = Stamped(answer, moment, self._acts.get(question.host, 0))

    def act_begins(self, host: str) -> None:
        """This run acts: from here on, every earlier answer of this host is stale."""
        with self._lock:
            self._acted = True
        self.foreign_act(host)

    def foreign_act(self, host: str) -> None:
        """Another run acts on this host; its answers go stale all the same."""
        with self._lock:
            self._acts[host] = self._acts.get(host, 0) + 1

    def any_act(self) -> bool:
        """Whether this run has acted at all."""
        with self._lock:
            return self._acted

    def row_ended(self, row: Row, since: Since) -> None:
        """The row is done; `since` holds what it followed, and its own acts and waits."""
        with self._lock:
            self._ended[row.id] = since

    def since(self, followed: Iterable[Row]) -> Since:
        """From when on answers may be used by a row that follows these (all of which have ended)."""
        with self._lock:
            return Since.of(self._ended[row.id] for row in followed if row.id in self._ended)

    def is_stale(self, question: Question, since: Since) -> bool:
        """Never answered, answered before `since`, or before the last act on its host."""
        with self._lock:
            if question.host in self._fallen:
                return False
            known = self._answers.get(question)
            if known is None or known.acts_seen < self._acts.get(question.host, 0):
                return True
            return known.moment < since.at(question.host)

    def facts(self, questions: Iterable[Question]) -> Facts:
        """The last answers; of a host out of this run, and of what was never answered, Unreadable."""
        with self._lock:
            return Facts({question: self._last(question) for question in questions})

    def fall(self, result: HostResult) -> None:
        """The host is out of this run, for the reason first given."""
        with self._lock:
            first = self._fallen.setdefault(result.host, result) is result
        if first:
            self._fell(result)

    def fallen(self, host: str) -> HostResult | None:
        """How the host fell, None while it stands."""
        with self._lock:
            return self._fallen.get(host)

    def _last(self, question: Question) -> Answer[Any]:
        if lost := self._fallen.get(question.host):
            return Unreadable(f"{question.host} is out of this run: {lost.why}")
        known = self._answers.get(question)
        return known.answer if known else Unreadable(f"{question.fact.name}: not asked yet")
