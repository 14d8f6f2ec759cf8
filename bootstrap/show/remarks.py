"""What the admin must know though the states hold: each remark once, with everybody whom it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.text import Text

from bootstrap.model.decision import Satisfied
from bootstrap.model.plan import Plan
from bootstrap.model.playbook import Row
from bootstrap.model.report import Report
from bootstrap.show.words import name_list


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that a row had to say."""

    row: Row
    words: str


def of_report(report: Report) -> Iterator[Remark]:
    """Those of a run, in the order of its rows."""
    return _each((result.row, result.remark) for result in report.rows)


def of_plan(plan: Plan) -> Iterator[Remark]:
    """Those of a plan, in the order of its rows."""
    held = ((one.row, one.decision) for one in plan.rows)
    return _each((row, decision.remark) for row, decision in held if isinstance(decision, Satisfied))


def remark_lines(remarks: Iterable[Remark]) -> Iterator[Text]:
    """`! cp1, w1, w2: no firewall on this host`: a line for each remark, however many hosts it is about."""
    found: dict[str, dict[str, None]] = {}
    for one in remarks:
        found.setdefault(one.words, {})[one.row.target.name] = None
    for words, targets in found.items():
        yield Text.assemble(("! ", "yellow"), (f"{name_list(tuple(targets))}: ", "cyan"), words)


def _each(said: Iterable[tuple[Row, str]]) -> Iterator[Remark]:
    return (Remark(row, line) for row, remark in said for line in remark.splitlines())
