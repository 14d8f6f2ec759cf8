"""What all columns of one run share: the hosts' hands, the answers, the progress, and the ear of the observer."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from bootstrap.model.decision import Change, Decision
from bootstrap.model.event import BlobSent, Event, RowDecided, RowEnded, RowWaiting
from bootstrap.model.fact import Question
from bootstrap.model.playbook import Row
from bootstrap.model.report import Result
from bootstrap.model.text import Secret, secrets_within
from bootstrap.run.blobs import OpenBlob
from bootstrap.run.foresight import along
from bootstrap.run.hands import Deed, Hands, Sending
from bootstrap.run.in_flight import Outcome
from bootstrap.run.ledger import Ledger, Since
from bootstrap.run.listener import Listener
from bootstrap.run.order import Order
from bootstrap.run.parallel import in_parallel
from bootstrap.run.progress import Progress


@dataclass
class Site:
    """Made once for a run. `pace` scales every pause (tests run faster than hosts)."""

    order: Order
    hands: Mapping[str, Hands]
    ledger: Ledger
    listener: Listener
    vault: Mapping[str, Secret]
    open_blob: OpenBlob
    pace: float = 1.0
    closing_since: Since = field(default_factory=Since)
    progress: Progress = field(default_factory=Progress)
    _latest: dict[tuple[str, str], Decision] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, row: Row, since: Since) -> None:
        """Bring the row's answers up to `since`, whichever hosts they come from."""
        by_host: dict[str, list[Question]] = {}
        for question in row.step.needs(row.target):
            if self.ledger.is_stale(question, since):
                by_host.setdefault(question.host, []).append(question)
        flights = {host: RowWaiting(row, f"the end of an act in flight on {host}") for host in by_host}
        asks = [
            partial(self.hands[host].ask, questions, since, on_flight=partial(self.tell, flights[host]))
            for host, questions in by_host.items()
            if host in self.hands
        ]
        if len(asks) == 1:
            asks[0]()
        else:
            in_parallel(asks)

    def act(self, row: Row, change: Change) -> Outcome:
        """Perform a row's change on its host, and ask there what comes next."""
        self.listener.learn(secrets_within(change.actions))
        then_ask = along(row, self.order, self.last_decision, lambda other: self.progress.result(other) is not None)

        def on_blob(sending: Sending, sent: int) -> None:
            blob = sending.blob
            whole = sending.before_bytes, sending.total_bytes
            self.tell(BlobSent(row, blob.sha256, sent, blob.size_bytes, *whole))

        deed = Deed(change.actions, self.vault, self.open_blob, then_ask, on_blob)
        return self.hands[row.target.asked].act(deed)

    def decided(self, event: RowDecided) -> None:
        """Remember a row's latest decision, and tell it when it is news."""
        with self._lock:
            news = self._latest.get(event.row.id) != event.decision
            self._latest[event.row.id] = event.decision
        if news:
            self.tell(event)

    def last_decision(self, row: Row) -> Decision | None:
        """What the row decided last, None when it never did."""
        with self._lock:
            return self._latest.get(row.id)

    def end(self, result: Result) -> None:
        """A row has ended."""
        shown = self.listener.masked(result)
        self.progress.end(shown)
        self.tell(RowEnded(shown))

    def tell(self, event: Event) -> None:
        """Tell the observer."""
        self.listener.tell(event)
