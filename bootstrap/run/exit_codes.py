"""A report's or a plan's exit code, by design.md's table."""

from collections.abc import Sequence

from bootstrap.model.codes import Code
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.plan import Plan, Planned
from bootstrap.model.report import HostResult, HostStatus, Report, Result, Status
from bootstrap.model.step import Check
from bootstrap.run.order import GOOD

_NEVER_IN = frozenset({HostStatus.UNREACHABLE, HostStatus.KEY_REFUSED, HostStatus.LOGIN_REFUSED})


def exit_code(report: Report) -> ExitCode:
    """How the shell is told about a run."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    if any(row.code is Code.INTERNAL for row in report.rows):
        return ExitCode.INTERNAL
    return _without_hosts(report.hosts, _control_planes(report.rows)) or _by_rows(report)


def plan_exit_code(plan: Plan) -> ExitCode:
    """How the shell is told about a plan."""
    if no_host := _without_hosts(plan.hosts, _control_planes(plan.rows)):
        return no_host
    if any(not one.row.closing for one in plan.blocked):
        return ExitCode.REFUSED
    if any(host.status is not HostStatus.REACHED for host in plan.hosts):
        return ExitCode.PARTLY
    return ExitCode.PENDING if plan.pending else ExitCode.OK


def _by_rows(report: Report) -> ExitCode:
    bad = [row for row in report.rows if row.status not in GOOD and not _forgivable(row)]
    out = [host for host in report.hosts if host.status is not HostStatus.REACHED]
    if not bad and not out:
        return ExitCode.OK
    changed = report.acted or any(row.status in {Status.CHANGED, Status.FAILED} for row in report.rows)
    if not changed and any(_refuses(row) for row in bad):
        return ExitCode.REFUSED
    if _some_done(report, bad) or any(row.status is Status.BLOCKED for row in bad):
        return ExitCode.PARTLY
    seen = [row for row in bad if row.status is not Status.NOT_RUN]
    # --limit to a host that is down: nothing failed, and the others answer.
    return _how_bad(seen) if seen or not out else ExitCode.PARTLY


def _without_hosts(hosts: Sequence[HostResult], control_planes: frozenset[str]) -> ExitCode | None:
    """4 or 5 when no host, or no control plane, let us in."""
    out = [host for host in hosts if host.status in _NEVER_IN]
    masters = [host for host in hosts if host.host in control_planes]
    masters_out = [host for host in masters if host.status in _NEVER_IN]
    if not out or (len(out) < len(hosts) and not (masters and len(masters) == len(masters_out))):
        return None
    refused = any(host.status is HostStatus.KEY_REFUSED for host in masters_out or out)
    return ExitCode.KEY_REFUSED if refused else ExitCode.NO_HOST


def _control_planes(rows: Sequence[Result] | Sequence[Planned]) -> frozenset[str]:
    return frozenset(host.name for host in rows[0].row.target.inventory.control_planes) if rows else frozenset()


def _some_done(report: Report, bad: Sequence[Result]) -> bool:
    """Whether one host has all that it should have, and another has not."""
    spoiled = {result.row.target.name for result in bad if result.row.target.kind == "host"}
    spoiled |= {host.host for host in report.hosts if host.status is not HostStatus.REACHED}
    walked = {result.row.target.name for result in report.rows if result.row.target.kind == "host"}
    return bool(spoiled) and bool(walked - spoiled)


def _refuses(result: Result) -> bool:
    """A refusal before the first change: what is Blocked, or a preflight check that waited in vain."""
    preflight = isinstance(result.row.step, Check)
    return result.status is Status.BLOCKED or (result.status is Status.WAITING and preflight)


def _forgivable(result: Result) -> bool:
    """A closing row that found nothing to do its work on."""
    return result.row.closing and result.status is Status.NOT_RUN


def _how_bad(seen: Sequence[Result]) -> ExitCode:
    """11: only rows that just look ended badly. 13: nothing failed, but steps waited in vain until their deadline.

    After a deadline waiting longer may be all that it takes; after a failure something must be mended.
    """
    if seen and all(not result.row.step.can_act for result in seen):
        return ExitCode.VERIFICATION
    if seen and all(result.code is Code.NOT_SETTLED for result in seen):
        return ExitCode.DEADLINE
    return ExitCode.FAILED
