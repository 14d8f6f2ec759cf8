"""What is asked along with an act: enough for every row up to the next that is expected to change, and no more."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from bootstrap.model.decision import Decision, Satisfied
from bootstrap.model.fact import Question
from bootstrap.model.playbook import Row
from bootstrap.run.order import Order

Latest: TypeAlias = Callable[[Row], Decision | None]


def along(row: Row, order: Order, latest: Latest, ended: Callable[[Row], bool]) -> tuple[Question, ...]:
    """The questions to `row`'s host that its act ends with: its own, and those of the rows that come next there."""
    host = row.target.asked
    found = dict.fromkeys(row.step.needs(row.target))
    done = {row.id}
    for rows in order.columns_asked_of(host):
        column = [other for other in rows if other.id != row.id and not other.closing and not ended(other)]
        for other in _next(column, order, latest, lambda one: ended(one) or one.id in done):
            done.add(other.id)
            found.update(dict.fromkeys(other.step.needs(other.target)))
    return tuple(question for question in found if question.host == host)


def _next(column: Sequence[Row], order: Order, latest: Latest, ready: Callable[[Row], bool]) -> Iterator[Row]:
    """Rows in order whose own predecessors on this host are done, up to the first one expected to change."""
    for row in column:
        if not all(ready(other) for other in order.followed(row) if other.target.asked == row.target.asked):
            return
        yield row
        if not isinstance(latest(row), Satisfied):
            return
