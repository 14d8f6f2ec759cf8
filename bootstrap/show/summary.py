"""The end of a run for a person: what was done on which host, what went wrong, what to type next."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from bootstrap.model.report import HostResult, HostStatus, Report, Result, Status
from bootstrap.show.advice import advised
from bootstrap.show.remarks import of_report, remark_lines
from bootstrap.show.words import LOOKS, counted, duration, name_list

_WRONG = (Status.FAILED, Status.BLOCKED, Status.WAITING)


@dataclass(frozen=True, slots=True)
class Closing:
    """What the command knows beside the report: the cluster, what was asked (`up --limit w1`), how to run this again,
    and what is worth typing next.
    """

    cluster: str
    asked: str
    again: str
    next_commands: tuple[tuple[str, str], ...] = ()


def summary_lines(report: Report, closing: Closing) -> Iterator[Text]:
    """A headline, one line per host, remarks, what went wrong with its evidence and advice, the next commands."""
    yield _headline(report, closing)
    yield from _hosts(report)
    yield from remark_lines(of_report(report))
    yield from _wrong(report)
    yield from _next(report, closing)


def went_well(report: Report) -> bool:
    """Everything asked for holds on every host."""
    fine = all(result.status in {Status.OK, Status.CHANGED} for result in report.rows)
    return fine and not report.interrupted and all(host.status is HostStatus.REACHED for host in report.hosts)


def _headline(report: Report, closing: Closing) -> Text:
    what = f"{closing.asked} of cluster {closing.cluster}"
    changed = report.count(Status.CHANGED)
    if report.interrupted:
        return Text(f"■ {what}: interrupted after {duration(report.seconds)}", "bold yellow")
    if not went_well(report):
        return Text(f"✗ {what}: not done, {duration(report.seconds)}", "bold red")
    if not changed:
        holds = counted(len(report.rows), "state holds", "states hold")
        return Text(f"✓ {what}: nothing to change, {holds}, {duration(report.seconds)}", "bold green")
    return Text(f"✓ {what}: done, {counted(changed, 'change')}, {duration(report.seconds)}", "bold green")


def _hosts(report: Report) -> Iterator[Text]:
    names = [host.host for host in report.hosts]
    others = dict.fromkeys(result.row.target.name for result in report.rows)
    width = max(map(len, [*names, *others]), default=0)
    fallen = {host.host: host for host in report.hosts if host.status is not HostStatus.REACHED}
    for name in [*names, *(one for one in others if one not in names)]:
        rows = [result for result in report.rows if result.row.target.name == name]
        yield Text(f"  {name:<{width}}  ") + (_fallen(fallen[name]) if name in fallen else _counts(rows))


def _fallen(host: HostResult) -> Text:
    code = f" {host.code}" if host.code else ""
    return Text(f"{host.status}{code}: {host.why}", "red")


def _counts(rows: list[Result]) -> Text:
    present = [status for status in Status if any(result.status is status for result in rows)]
    parts = [
        Text(f"{LOOKS[status].sign} {sum(result.status is status for result in rows)} {status}", LOOKS[status].style)
        for status in present
    ]
    return Text("  ").join(parts) if parts else Text("nothing to do", "dim")


def _wrong(report: Report) -> Iterator[Text]:
    """Each problem once, with every host that has it: a hundred hosts may lack the same thing."""
    same: dict[tuple[str, Status, str, str, str], list[Result]] = {}
    for result in report.rows:
        if result.status in _WRONG:
            key = (result.row.step.name(), result.status, result.note, result.evidence, result.advice)
            same.setdefault(key, []).append(result)
    for (step, status, note, evidence, advice), results in same.items():
        look, targets = LOOKS[status], name_list(tuple(one.row.target.name for one in results))
        code = f" {results[0].code}" if results[0].code else ""
        yield Text("")
        yield Text.assemble((f"{look.sign} {step} {status}{code}", look.style), f" on {targets}: {note}")
        yield from (Text(f"    | {line}", "dim") for line in evidence.strip().splitlines())
        yield from (Text(f"    {line}") for line in advised(advice))
    for host in report.hosts:
        if host.status is not HostStatus.REACHED and host.advice:
            yield Text("")
            yield Text(f"✗ {host.host} {host.status}", "red")
            yield from (Text(f"    {line}") for line in advised(host.advice))


def _next(report: Report, closing: Closing) -> Iterator[Text]:
    yield Text("")
    if not went_well(report):
        yield Text(f"What holds stays. Run it again to go on: {closing.again}")
    width = max((len(command) for command, _ in closing.next_commands), default=0)
    for command, why in closing.next_commands:
        yield Text.assemble("  ", (f"{command:<{width}}", "bold"), f"  {why}")
