"""One column: a target's rows in order, each until it holds. Columns run side by side and wait only where they must."""

import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.error import KbootError
from bootstrap.model.event import ActStarted, RowDecided, RowWaiting
from bootstrap.model.playbook import Row
from bootstrap.model.report import HostResult, Result, Status
from bootstrap.run.acting import shown
from bootstrap.run.failure import cause_of
from bootstrap.run.ledger import Since
from bootstrap.run.order import GOOD, spoiled
from bootstrap.run.plan import decide, out_of_run
from bootstrap.run.site import Site

MOST_STAGES = 3
_MOST_UNKNOWN = 3
_TRACE_PARTS = 4
_FIRST_PAUSE_S, _PAUSE_GROWTH, _LONGEST_PAUSE_S = 0.3, 1.5, 2.0


def walk(rows: Sequence[Row], site: Site) -> None:
    """Walk one target's rows; after the first that does not hold, the rest is not run. Never raises."""
    stopped: Result | None = None
    for row in rows:
        if host := site.ledger.fallen(row.target.asked):
            result = Result(row, Status.NOT_RUN, f"{host.host}: {host.status}")
        elif stopped is not None:
            result = Result(row, Status.NOT_RUN, f"stopped at {stopped.row.step.name()}")
        else:
            result = _guarded(row, site)
        site.end(result)
        if result.status not in GOOD and not row.closing:
            stopped = stopped or result


def _guarded(row: Row, site: Site) -> Result:
    """No error of one row may leave the others waiting for its end."""
    began = time.monotonic()
    try:
        return Walk(row, site, began).result()
    except KbootError as error:
        why = Result(row, Status.FAILED, error.problem, error.code, error.evidence, error.advice)
    except Exception as error:  # a bug in kboot ends this row, and is told
        words = f"{type(error).__name__}: {error}"
        trace = "".join(traceback.format_exception(error)[-_TRACE_PARTS:])
        advice = "This is a bug in kboot: please report it with these lines."
        why = Result(row, Status.FAILED, words, Code.INTERNAL, trace, advice)
    return why


@dataclass
class Walk:
    """One row on its way to its end."""

    row: Row
    site: Site
    began: float
    stages: list[Change] = field(default_factory=list)
    unknown: int = 0
    since: Since = field(default_factory=Since)
    waiting_since: float | None = None
    pause_s: float = _FIRST_PAUSE_S
    later_seen: Later | None = None
    shown: str = ""

    def result(self) -> Result:
        """Wait for what the row follows, then decide and act until it holds or cannot."""
        if ended := self._before():
            return ended
        self.began = time.monotonic()  # what it took itself, not what it waited for others
        decision = self._fresh()
        while True:
            answer = self._take(decision)
            if isinstance(answer, Result):
                return answer
            decision = answer

    def _before(self) -> Result | None:
        site, row = self.site, self.row
        followed = site.order.followed(row)
        self._show_rows(followed)
        results = site.progress.wait_for(followed, heed_stop=not row.closing)
        if results is None or (site.progress.stopping and not row.closing):
            return self._ended(Status.NOT_RUN, "interrupted")
        bad = None if row.closing else spoiled(row, results)
        if bad is not None:
            return self._ended(Status.NOT_RUN, f"{bad.row.step.name()} on {bad.row.target.name}: {bad.status}")
        if host := site.ledger.fallen(row.target.asked):
            return self._ended(Status.NOT_RUN, f"{host.host}: {host.status}")
        self.since = site.closing_since if row.closing else site.ledger.since(followed)
        return None

    def _take(self, decision: Decision) -> Result | Decision:
        """One turn: the row's end, or the next decision."""
        if host := self.site.ledger.fallen(self.row.target.asked):
            return self._fell(host)
        match decision:
            case Satisfied(note, remark):
                done = "; ".join(stage.summary for stage in self.stages)
                status = Status.CHANGED if self.stages or self.unknown else Status.OK
                return replace(self._ended(status, done or note), remark=remark)
            case Blocked(code, problem, advice):
                return self._ended(Status.BLOCKED, problem, code, advice=advice)
            case Waiting(on):
                return self._wait(on)
            case Later():
                return self._later(decision)
            case Change():
                return self._change(decision)

    def _later(self, later: Later) -> Result | Decision:
        if self.row.closing:
            return self._ended(Status.NOT_RUN, f"needs {later.after}: {later.summary}")
        others = self.site.order.of_step(later.after, self.row)
        if not others or not self.site.order.earlier(others, self.row):
            blocked = out_of_run(later)
            return self._ended(Status.BLOCKED, blocked.problem, blocked.code, advice=blocked.advice)
        pending = self.site.progress.unended(others)
        self._show_rows(pending)
        results = self.site.progress.wait_for(others, heed_stop=True)
        if results is None:
            return self._ended(Status.NOT_RUN, "interrupted")
        if bad := spoiled(self.row, results):
            return self._ended(Status.NOT_RUN, f"{bad.row.step.name()} on {bad.row.target.name}: {bad.status}")
        if not pending and self.later_seen == later:
            return self._wait(f"{later.summary} (after {later.after})")
        self.later_seen = later
        self.since = Since.of((self.since, self.site.ledger.since(others)))
        return self._fresh()

    def _wait(self, on: str) -> Result | Decision:
        """Ask again, with growing pauses, until the step's own deadline."""
        now = time.monotonic()
        self.waiting_since = self.waiting_since or now
        if now - self.waiting_since >= self.row.step.settle_s * self.site.pace:
            status = Status.FAILED if self.stages else Status.WAITING
            waited = f"still waiting after {self.row.step.settle_s:g} s: {on}"
            return self._ended(status, waited, Code.NOT_SETTLED, advice="See what it waits for, then run again.")
        self._show(on)
        self.site.progress.pause(self.pause_s * self.site.pace, heed_stop=not self.row.closing)
        if self.site.progress.stopping and not self.row.closing:
            return self._ended(Status.WAITING, f"interrupted while waiting: {on}")
        self.pause_s = min(self.pause_s * _PAUSE_GROWTH, _LONGEST_PAUSE_S)
        self.since = Since(self.site.ledger.now())
        return self._fresh()

    def _change(self, change: Change) -> Result | Decision:
        if self.stages and (self.stages[-1].actions == change.actions or len(self.stages) >= MOST_STAGES):
            words = f"not converged: the act ended well, and yet: {change.summary}"
            return self._ended(Status.FAILED, words, Code.NOT_CONVERGED, advice="`kboot plan` shows what differs.")
        if self.site.progress.stopping and not self.row.closing:
            return self._ended(Status.NOT_RUN, "interrupted")
        self.site.tell(ActStarted(self.row, change.summary))
        outcome = self.site.act(self.row, change)
        match outcome.state:
            case "done":
                self.waiting_since, self.pause_s = None, _FIRST_PAUSE_S
                self.stages.append(change)
                self.since = self.since.and_act(self.row.target.asked, self.site.ledger.now())
            case "failed":
                what = shown(change.actions[outcome.at]) if outcome.at is not None else "the act could not start"
                words = f"{change.summary}: failed at: {what}"
                code, advice = cause_of(outcome.evidence)
                return self._ended(Status.FAILED, words, code, outcome.evidence, advice)
            case "busy":
                return self._wait("the end of another act in flight on this host")
            case "lost" | "fallen":
                return self._after_loss(change)
        return self._fresh()

    def _after_loss(self, change: Change) -> Result | Decision:
        """Nobody knows how far the act came, so the facts decide; a few times only."""
        self.unknown += 1
        if host := self.site.ledger.fallen(self.row.target.asked):
            return self._fell(host)
        if self.unknown >= _MOST_UNKNOWN:
            words = f"{change.summary}: its end was not seen {self.unknown} times"
            return self._ended(Status.FAILED, words, Code.ACT_LOST, advice="See why the host restarts, then run again.")
        self.since = Since(self.site.ledger.now())
        return self._fresh()

    def _fresh(self) -> Decision:
        self.site.ask(self.row, self.since)
        decision = decide(self.row, self.site.ledger)
        self.site.decided(RowDecided(self.row, decision))
        return decision

    def _fell(self, host: HostResult) -> Result:
        status = Status.FAILED if self.stages or self.unknown else Status.NOT_RUN
        return self._ended(status, f"{host.host}: {host.status}", Code.HOST_FELL, host.why, host.advice)

    def _show_rows(self, rows: Sequence[Row]) -> None:
        pending = self.site.progress.unended(rows)
        if pending:
            names = dict.fromkeys(row.step.name() for row in pending)
            self._show(f"{', '.join(names)} on {', '.join(dict.fromkeys(row.target.name for row in pending))}")

    def _show(self, on: str) -> None:
        if on != self.shown:
            self.shown = on
            self.site.tell(RowWaiting(self.row, on))

    def _ended(
        self, status: Status, note: str = "", code: Code | None = None, evidence: str = "", advice: str = ""
    ) -> Result:
        seconds = time.monotonic() - self.began
        self.site.ledger.row_ended(self.row, self.since)
        return Result(self.row, status, note, code, evidence, advice, seconds)
