"""A plan for a person: per phase what would change and on which hosts, with file diffs and commands."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.plan import Plan, Planned
from bootstrap.show.action_text import change_lines
from bootstrap.show.advice import advised
from bootstrap.show.remarks import of_plan, remark_lines
from bootstrap.show.words import counted, name_list

_STEP_WIDTH = 28
_Group = tuple[Planned, tuple[str, ...]]


def plan_lines(plan: Plan, title: str, *, verbose: bool = False) -> Iterator[Text]:
    """Every line. Hosts with the same decision share one entry; what holds is counted, and listed when `verbose`."""
    yield Text(title, "bold")
    for host, why in plan.fallen:
        yield Text.assemble(("✗ ", "red"), f"{host} is left out: {why}")
    for phase in dict.fromkeys(planned.row.phase for planned in plan.rows):
        yield Text("")
        inside = [planned for planned in plan.rows if planned.row.phase == phase]
        yield from _phase(phase, inside, verbose=verbose)
    yield Text("")
    yield from remark_lines(of_plan(plan))
    yield Text(_closing(plan), "bold")


def _phase(phase: str, rows: list[Planned], *, verbose: bool) -> Iterator[Text]:
    groups = _grouped(rows)
    silent = sum(len(targets) for planned, targets in groups if not _shown(planned, verbose=verbose))
    yield Text.assemble((phase, "bold"), (f"  {silent} hold" if silent else "", "dim"))
    for planned, targets in groups:
        if _shown(planned, verbose=verbose):
            yield from _entry(planned, targets, verbose=verbose)


def _shown(planned: Planned, *, verbose: bool) -> bool:
    return verbose or not isinstance(planned.decision, Satisfied) or planned.asked_again_after is not None


def _grouped(rows: Iterable[Planned]) -> list[_Group]:
    """Rows of one step with equal decisions, as one entry."""
    found: dict[tuple[str, Decision, str | None], list[Planned]] = {}
    for planned in rows:
        key = (planned.row.step.name(), planned.decision, planned.asked_again_after)
        found.setdefault(key, []).append(planned)
    return [(same[0], tuple(one.row.target.name for one in same)) for same in found.values()]


def _entry(planned: Planned, targets: tuple[str, ...], *, verbose: bool) -> Iterator[Text]:
    sign, style, words = _words(planned)
    head = f"{planned.row.step.name():<{_STEP_WIDTH}} "
    yield Text.assemble("  ", (f"{sign} ", style), (head, "bold"), (f"{name_list(targets)}  ", "cyan"), words)
    match planned.decision:
        case Change(_, actions):
            yield from (Text("      ") + line for line in change_lines(actions, whole=verbose))
        case Blocked(_, _, advice):
            yield from (Text(f"      {line}") for line in advised(advice))


def _words(planned: Planned) -> tuple[str, str, str]:
    match planned.decision:
        case Satisfied(note, remark):
            how = note or "; ".join(remark.splitlines())
            again = f"holds now, asked again after {planned.asked_again_after}" if planned.asked_again_after else how
            words = "✓", "green", again
        case Change(summary):
            words = "●", "yellow", summary
        case Waiting(on):
            words = "…", "cyan", f"waits for {on}"
        case Later(after, summary):
            words = "○", "blue", f"after {after}: {summary}"
        case Blocked(code, problem):
            words = "■", "magenta", f"{code} {problem}"
    return words


def _closing(plan: Plan) -> str:
    if plan.fallen and len(plan.fallen) == len(plan.hosts):
        return "No host could be logged in to: nothing was asked, and nothing was changed."
    kinds: tuple[tuple[type, str], ...] = ((Change, "to change"), (Later, "later"), (Waiting, "waiting"))
    said = [f"{number} {words}" for kind, words in kinds if (number := _count(plan, kind))]
    holding = counted(_count(plan, Satisfied), "state holds", "states hold")
    if plan.blocked:
        said.insert(0, f"{len(plan.blocked)} blocked")
    if not said:
        only_looks = plan.rows and not any(planned.row.step.can_act for planned in plan.rows)
        nothing = "Nothing is in the way" if only_looks else "Nothing to change"
        return f"{nothing}{' on hosts that answered' if plan.fallen else ''}: {holding}."
    return f"{', '.join(said)}; {holding}. Nothing was changed."


def _count(plan: Plan, kind: type) -> int:
    return sum(isinstance(planned.decision, kind) for planned in plan.rows)
