"""One host as performing sees it: eyes, and the one act at a time. The only code that changes anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bootstrap.model.action import Action, PutBlob
from bootstrap.model.fact import Question
from bootstrap.model.target import OPERATOR
from bootstrap.model.text import Secret
from bootstrap.run import acting, asking, in_flight
from bootstrap.run.acting import Act
from bootstrap.run.blobs import OpenBlob, carriable, needed_of, needing
from bootstrap.run.eyes import Eyes, fallen
from bootstrap.run.in_flight import Outcome
from bootstrap.transport.connection import Completed
from bootstrap.transport.errors import HostLost, HostTimeout, TransferFailed, TransportError, Unreachable

_EXEC_MARGIN_S = 60.0
_STAGING_S = 120.0


@dataclass(frozen=True, slots=True)
class Sending:
    """A file on its way: how many bytes of this act went before it, and how many all of them are."""

    blob: PutBlob
    before_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class Deed:
    """What to do on a host, and what to ask in the same exec once it is done."""

    actions: tuple[Action, ...]
    vault: Mapping[str, Secret]
    open_blob: OpenBlob
    then_ask: tuple[Question, ...] = ()
    on_blob: Callable[["Sending", int], None] = lambda _sending, _sent: None


class Hands(Eyes):
    """Asks and acts. `acting` while an act runs on the host that outlives this run if it is left."""

    acting = False

    def act(self, deed: Deed) -> Outcome:
        """Perform the actions as one act; its outcome is certain, or said lost. Raises what `open_blob` raises."""
        blobs = [action for action in deed.actions if isinstance(action, PutBlob)]
        carried = carriable(blobs, deed.open_blob)
        operator = self.host == OPERATOR
        act = acting.render(in_flight.new_id(), deed.actions, deed.vault, carried=carried, operator=operator)
        blobs = [blob for blob in blobs if blob.sha256 not in carried]
        with self._turn:
            try:
                if failed := self._stage(blobs, deed):
                    return failed
            except TransportError as error:
                return self._fell(error)
            self._ledger.act_begins(self.host)
            self.acting = self.host != OPERATOR
            try:
                return self._perform(act, deed.then_ask)
            finally:
                self.acting = False

    def _perform(self, act: Act, then_ask: Sequence[Question]) -> Outcome:
        moment = self._ledger.now()
        facts = [question.fact for question in then_ask]
        operator = self.host == OPERATOR
        begin = in_flight.directly(act) if operator else in_flight.starting(act)
        script = asking.opening(operator=operator) + begin + asking.asking(facts)
        timeout_s = act.limit_s + asking.patience_s(facts) + _EXEC_MARGIN_S
        try:
            completed = self._begun(script, timeout_s)
        except (HostLost, HostTimeout):
            return self._recover(act)
        except TransportError as error:
            return self._fell(error)
        outcome = in_flight.ended(completed)
        if outcome.state == "done":
            reply = asking.read(facts, completed.stdout)
            if not reply.in_flight:
                self._ledger.record(dict(zip(then_ask, reply.answers, strict=True)), moment)
        return outcome

    def _begun(self, script: str, timeout_s: float) -> Completed:
        """Run what acts. Unreachable means that it never started, so it may be tried again; nothing else does."""
        for attempt in self._retrying((Unreachable,)):
            with attempt:
                completed = self._connection.run(script, timeout_s=timeout_s, root=self.host != OPERATOR)
        return completed

    def _recover(self, act: Act) -> Outcome:
        """The connection broke in the middle: the host itself says how the act ended."""
        if self.host == OPERATOR:
            return Outcome("lost")
        completed = self._exec(in_flight.recovering(act.id, act.limit_s), act.limit_s)
        return Outcome("fallen") if completed is None else in_flight.told(completed.stdout)

    def _stage(self, blobs: Sequence[PutBlob], deed: Deed) -> Outcome | None:
        """Send the bytes that the host does not have yet, beside their places; what is there is left alone.

        None when all is there, else at which file it failed.
        """
        if not blobs:
            return None
        for attempt in self._retrying((HostLost, Unreachable)):  # asking for what is missing changes nothing
            with attempt:
                completed = self._connection.run(needing(blobs), timeout_s=_STAGING_S, root=self.host != OPERATOR)
        needed = needed_of(blobs, completed.text)
        before, total = 0, sum(blob.size_bytes for blob in needed)
        for blob in needed:
            try:
                self._put(Sending(blob, before, total), deed)
            except TransferFailed as error:
                return Outcome("failed", deed.actions.index(blob), f"{error.problem} {error.evidence}".strip())
            before += blob.size_bytes
        return None

    def _put(self, sending: Sending, deed: Deed) -> None:
        blob = sending.blob
        source = deed.open_blob(blob.sha256)
        for attempt in self._retrying((HostLost, Unreachable)):  # a put that broke off has changed nothing
            with attempt:
                self._connection.put(
                    source,
                    acting.staged(blob),
                    size_bytes=blob.size_bytes,
                    sha256=blob.sha256,
                    on_progress=lambda sent: deed.on_blob(sending, sent),
                )

    def _fell(self, error: TransportError) -> Outcome:
        result = fallen(self.host, error, lost=True)
        self._ledger.fall(result)
        return Outcome("fallen", evidence=result.why)
