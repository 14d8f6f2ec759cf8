"""A playbook brought about, from its first question to its report."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby

from bootstrap.model.decision import Blocked, Satisfied, Waiting
from bootstrap.model.event import Observer, RowDecided, RunEnded, RunStarted
from bootstrap.model.plan import Planned
from bootstrap.model.playbook import Playbook, Row, rows
from bootstrap.model.report import HostResult, Report, Result, Status
from bootstrap.model.target import OPERATOR, Wanted
from bootstrap.model.text import Secret
from bootstrap.run.blobs import OpenBlob, OpenedOnce
from bootstrap.run.column import walk
from bootstrap.run.eyes import Patience
from bootstrap.run.gathering import gather, standing, walked
from bootstrap.run.hands import Hands
from bootstrap.run.ledger import Ledger, Since
from bootstrap.run.listener import Listener
from bootstrap.run.order import Order
from bootstrap.run.parallel import in_parallel, interruptible
from bootstrap.run.plan import plan, questions
from bootstrap.run.preflight import settled
from bootstrap.run.selection import Selection
from bootstrap.run.site import Site
from bootstrap.transport.connection import Connection

# Asking is bounded by MOST_THREADS; columns are not, for they wait for each other: one that has no thread while others
# wait for it would hold them for ever.
_MOST_COLUMNS = 4096


def execute(  # noqa: PLR0917  the contract with cli/
    playbook: Playbook,
    wanted: Wanted,
    connections: Mapping[str, Connection],
    selection: Selection,
    observer: Observer,
    vault: Mapping[str, Secret],
    blobs: OpenBlob,
    *,
    patience: Patience | None = None,
    pace: float = 1.0,
    first_change: Callable[[], None] = lambda: None,
) -> Report:
    """Bring about what the playbook names. A converged run is one exec a host; the first refusal changes nothing.

    `first_change` is called once, before anything is changed: the place of the lock between two admins (law 16).
    The first KeyboardInterrupt lets running acts end and the closing rows run; the second one is raised at once, and
    its text says where acts go on.
    Raises KbootError for a bug in a step, and at the end what the observer raised (but for a closed pipe); everything
    that a host does wrong stands in the report.
    """
    listener = Listener(observer, vault.values())
    ledger = Ledger(listener.learn, listener.fell)
    every = Order(rows(playbook, wanted))
    hands = {host: Hands(host, connection, ledger, patience or Patience()) for host, connection in connections.items()}
    site = Site(walked(every, selection), hands, ledger, listener, vault, OpenedOnce(blobs), pace)
    run = _Run(playbook, wanted, every, selection, site)
    report = interruptible(partial(run.report, first_change), run.interrupt)
    if listener.failure is not None:
        raise listener.failure
    return report


class _Run:
    """One run's way: gather, plan, checks, columns, closing."""

    def __init__(self, playbook: Playbook, wanted: Wanted, every: Order, selection: Selection, site: Site) -> None:
        self._playbook, self._wanted = playbook, wanted
        self._every, self._selection, self._site = every, selection, site
        self._began = time.monotonic()
        self._hosts: tuple[HostResult, ...] = ()
        self._changing = False

    def report(self, first_change: Callable[[], None]) -> Report:
        site, run = self._site, self._wanted.run
        site.tell(RunStarted(self._playbook.name, run.run_id, site.order.rows))
        self._hosts = gather(site.hands, questions(self._every.rows), site.ledger, site.listener)
        if fallen := site.ledger.fallen(self._wanted.inventory.first_control_plane.name):
            self._end_all(f"no control plane: {fallen.host}: {fallen.status}")
            return self._finished()
        planned = settled(self._plan, site)
        if _refused(planned, site.order):
            self._refuse(planned)
        elif all(isinstance(one.decision, Satisfied) for one in planned):
            self._end_all("")
        else:
            first_change()
            self._changing = True
            self._change(planned)
        return self._finished()

    def interrupt(self) -> None:
        """Start nothing more. Raises KeyboardInterrupt when nothing was begun yet, or when it is the second time."""
        again = self._site.progress.stopping
        self._site.progress.stop()
        if again or not self._changing:
            self._site.listener.leave()
            raise KeyboardInterrupt(self._left())

    def _left(self) -> str:
        """What stays behind when a run is left at once."""
        if not self._changing:
            return "nothing was changed"
        acting = [host for host, hands in self._site.hands.items() if hands.acting]
        return f"left; what runs on {', '.join(acting)} goes on there, the next run waits for it" if acting else "left"

    def _plan(self) -> tuple[Planned, ...]:
        planned = plan(self._every, self._selection, self._site.ledger)
        for one in planned:
            self._site.decided(RowDecided(one.row, one.decision))
        return planned

    def _change(self, planned: Sequence[Planned]) -> None:
        """Columns side by side, then the closing rows, whatever happened."""
        checks = {row.id for row in self._site.order.preflight()}
        for one in planned:
            if one.row.id in checks and isinstance(one.decision, Satisfied):
                self._site.end(Result.of(one.row, one.decision))
        self._walk([row for row in self._site.order.rows if not row.closing])
        if self._site.ledger.any_act():
            self._site.closing_since = Since(self._site.ledger.now())
        if self._site.ledger.any_act() or not self._site.progress.stopping:
            self._walk([row for row in self._site.order.rows if row.closing])
        self._end_all("interrupted")

    def _walk(self, wanted: Sequence[Row]) -> None:
        by_target = sorted(self._site.progress.unended(wanted), key=lambda row: row.target.name)
        columns = [list(column) for _, column in groupby(by_target, key=lambda row: row.target.name)]
        tasks = [partial(walk, column, self._site) for column in columns]
        in_parallel(tasks, most=_MOST_COLUMNS)

    def _refuse(self, planned: Sequence[Planned]) -> None:
        """Nothing is changed anywhere; every finding stands in the report."""
        for one in planned:
            match one.decision:
                case Blocked(code, problem, advice):
                    result = Result(one.row, Status.BLOCKED, problem, code, advice=advice)
                case Waiting(on) if not one.row.step.can_act:
                    result = Result(one.row, Status.WAITING, on)
                case Satisfied() as held:
                    result = Result.of(one.row, held)
                case _:
                    result = Result(one.row, Status.NOT_RUN, "nothing was changed, because of what the checks found")
            self._site.end(result)
        self._end_all("")

    def _end_all(self, why: str) -> None:
        """End every row that has not ended: as not run because of `why`, else by its last decision."""
        for row in self._site.progress.unended(self._site.order.rows):
            decision = self._site.last_decision(row)
            if not why and isinstance(decision, Satisfied):
                self._site.end(Result.of(row, decision))
            else:
                host = self._site.ledger.fallen(row.target.asked)
                self._site.end(Result(row, Status.NOT_RUN, f"{host.host}: {host.status}" if host else why))

    def _finished(self) -> Report:
        site = self._site
        results = tuple(result for row in site.order.rows if (result := site.progress.result(row)))
        hosts = standing([host.host for host in self._hosts] + [OPERATOR], site.ledger, site.listener)
        seconds = time.monotonic() - self._began
        acted = site.ledger.any_act()
        report = Report(self._playbook.name, results, hosts, seconds, interrupted=site.progress.stopping, acted=acted)
        site.tell(RunEnded(report))
        return report


def _refused(planned: Iterable[Planned], order: Order) -> bool:
    """Whether anything that was found forbids every change: a Blocked, or a check that still waits."""
    checks = {row.id for row in order.preflight()}
    return any(
        isinstance(one.decision, Blocked) or (isinstance(one.decision, Waiting) and one.row.id in checks)
        for one in planned
        if not one.row.closing
    )
