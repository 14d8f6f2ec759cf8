"""Checks that wait (cloud-init, a held dpkg lock) are asked again before any change, each until its deadline."""

import time
from collections.abc import Callable, Sequence

from bootstrap.model.decision import Blocked, Waiting
from bootstrap.model.event import RowWaiting
from bootstrap.model.plan import Planned
from bootstrap.run.ledger import Since
from bootstrap.run.plan import ask_all, questions
from bootstrap.run.site import Site

_FIRST_PAUSE_S, _PAUSE_GROWTH, _LONGEST_PAUSE_S = 0.5, 1.5, 3.0


def settled(decide_all: Callable[[], tuple[Planned, ...]], site: Site) -> tuple[Planned, ...]:
    """The plan once no check waits any more, or its time is over. What else was Blocked is not waited behind."""
    planned = decide_all()
    began, pause_s = time.monotonic(), _FIRST_PAUSE_S
    while waiting := _waiting(planned, site, time.monotonic() - began):
        for one in waiting:
            site.tell(RowWaiting(one.row, one.decision.on if isinstance(one.decision, Waiting) else ""))
        time.sleep(pause_s * site.pace)
        pause_s = min(pause_s * _PAUSE_GROWTH, _LONGEST_PAUSE_S)
        # the host was busy with itself, so all that it said before may have changed: its whole list is asked again
        busy = {one.row.target.asked for one in waiting}
        again = {host: asked for host, asked in questions(site.order.rows).items() if host in busy}
        ask_all(site.hands, again, Since(site.ledger.now()), site.listener.in_flight)
        planned = decide_all()
    return planned


def _waiting(planned: Sequence[Planned], site: Site, waited_s: float) -> list[Planned]:
    """The checks that are worth waiting for."""
    if any(isinstance(one.decision, Blocked) for one in planned if not one.row.closing):
        return []
    checks = {row.id for row in site.order.preflight()}
    return [
        one
        for one in planned
        if isinstance(one.decision, Waiting) and one.row.id in checks and waited_s < one.row.step.settle_s * site.pace
    ]
