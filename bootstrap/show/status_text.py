"""What holds and what does not, host by host, and the nodes."""

from collections.abc import Iterator

from rich.text import Text

from bootstrap.model.decision import Blocked, Change, Later, Satisfied, Waiting
from bootstrap.model.plan import Plan, Planned
from bootstrap.show.document import Record, document
from bootstrap.show.health import Health, health_lines, health_record
from bootstrap.show.record import decision_record, row_record
from bootstrap.show.remarks import of_plan, remark_lines
from bootstrap.show.words import counted, name_list

_WORDS: tuple[tuple[type, str, str], ...] = (
    (Blocked, "blocked", "magenta"),
    (Change, "to change", "yellow"),
    (Waiting, "waiting", "cyan"),
    (Later, "later", "blue"),
)


def status_lines(plan: Plan, health: Health, cluster: str, *, verbose: bool = False) -> Iterator[Text]:
    """A headline, a line per host, remarks, then how the cluster is."""
    holds = len(plan.rows) - len(plan.pending)
    fine = not plan.pending and not plan.fallen
    head = f"{cluster}: {holds} of {counted(len(plan.rows), 'state holds', 'states hold')}"
    yield Text(f"{'✓' if fine else '●'} {head}", "bold green" if fine else "bold yellow")
    targets = dict.fromkeys(planned.row.target.name for planned in plan.rows)
    width = max((len(name) for name in (*targets, *(host for host, _ in plan.fallen))), default=0)
    for host, why in plan.fallen:
        yield Text.assemble(f"  {host:<{width}}  ", (f"✗ {why}", "red"))
    for target in targets:
        rows = [planned for planned in plan.rows if planned.row.target.name == target]
        yield from _target(target, rows, width, verbose=verbose)
    yield from remark_lines(of_plan(plan))
    if below := list(health_lines(health)):
        yield Text("")
        yield from below


def _target(target: str, rows: list[Planned], width: int, *, verbose: bool) -> Iterator[Text]:
    pending = [planned for planned in rows if not isinstance(planned.decision, Satisfied)]
    line = Text.assemble(f"  {target:<{width}}  ", (f"✓ {len(rows) - len(pending)}", "green"))
    for kind, words, style in _WORDS:
        names = tuple(planned.row.step.name() for planned in pending if isinstance(planned.decision, kind))
        if names:
            line.append(f"  {words}: {name_list(names, 99 if verbose else 4)}", style)
    yield line


def status_document(plan: Plan, health: Health, exit_code: int, cluster: str) -> Record:
    """The document of `status -o json`."""
    return document(
        "Status",
        cluster=cluster,
        exitCode=exit_code,
        holds=len(plan.rows) - len(plan.pending),
        pending=[_pending_record(one) for one in plan.pending],
        remarks=[row_record(one.row) | {"remark": one.words} for one in of_plan(plan)],
        fallen=[{"host": host, "why": why} for host, why in plan.fallen],
        **health_record(health),
    )


def _pending_record(one: Planned) -> Record:
    kind = decision_record(one.decision)["decision"]
    return {"step": one.row.step.name(), "target": one.row.target.name, "decision": kind}
