"""Facts to a plan: every row decided, nothing changed. It sees eyes only; there is no way from here to an act."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.fact import Question
from bootstrap.model.plan import Planned
from bootstrap.model.playbook import Row
from bootstrap.run.eyes import Eyes
from bootstrap.run.ledger import Ledger, Since
from bootstrap.run.order import Order, rests_on
from bootstrap.run.parallel import in_parallel
from bootstrap.run.selection import Selection

Decided: TypeAlias = Mapping[tuple[str, str], Planned]


def questions(rows: Iterable[Row]) -> dict[str, tuple[Question, ...]]:
    """What all rows need to know, by the host that is asked; each question once."""
    by_host: dict[str, dict[Question, None]] = {}
    for row in rows:
        for question in row.step.needs(row.target):
            by_host.setdefault(question.host, {})[question] = None
    return {host: tuple(asked) for host, asked in by_host.items()}


def ask_all(
    eyes: Mapping[str, Eyes],
    wanted: Mapping[str, Sequence[Question]],
    since: Since,
    on_flight: Callable[[str], None],
) -> None:
    """Ask these questions of their hosts at the same time. A host that falls is in the ledger as fallen.

    `on_flight` is told each host on which an act is in flight.
    """
    asks = {host: partial(eyes[host].ask, asked, since) for host, asked in wanted.items() if host in eyes}
    in_parallel([partial(ask, on_flight=partial(on_flight, host)) for host, ask in asks.items()])


def decide(row: Row, ledger: Ledger) -> Decision:
    """What the row's step makes of the last answers. A step that raises is a bug in kboot, and says so."""
    try:
        return row.step.decide(row.target, ledger.facts(row.step.needs(row.target)))
    except Exception as error:
        name, target = row.id
        raise KbootError(
            Code.INTERNAL,
            f"{name} could not be decided: {type(error).__name__}: {error}",
            where=target,
            advice="This is a bug in kboot; nothing was changed by this step.",
            exit_code=ExitCode.INTERNAL,
        ) from error


def plan(order: Order, selection: Selection, ledger: Ledger) -> tuple[Planned, ...]:
    """Every walked row on a standing host, decided on the answers of now."""
    decided = {row.id: Planned(row, decide(row, ledger)) for row in order.rows if not ledger.fallen(row.target.asked)}
    walked = Order(tuple(row for row in order.rows if selection.walks(row)))
    judged = [decided[row.id] for row in walked.rows if row.id in decided]
    judged = _without_missing(judged, walked)
    changing = [one.row for one in judged if isinstance(one.decision, Change | Later)]
    behind = walked.first_behind(changing)
    judged = [_provisional(one, behind.get(one.row.id)) for one in judged]
    return tuple(replace(one, decision=_possible(one, order, selection, decided)) for one in judged)


def _provisional(planned: Planned, before: Row | None) -> Planned:
    if before is None or not isinstance(planned.decision, Satisfied):
        return planned
    return replace(planned, asked_again_after=before.step.name())


def _without_missing(planned: Sequence[Planned], walked: Order) -> list[Planned]:
    """A step that others wait for and that this run does not have is told once: Blocked, at the first that needs it."""
    told: set[str] = set()
    judged = []
    for one in planned:
        later = one.decision
        missing = isinstance(later, Later) and not one.row.closing and not walked.of_step(later.after, one.row)
        if isinstance(later, Later) and missing and later.after not in told:
            told.add(later.after)
            judged.append(replace(one, decision=out_of_run(later)))
        else:
            judged.append(one)
    return judged


def _possible(planned: Planned, every: Order, selection: Selection, decided: Decided) -> Decision:
    """The decision, or Blocked when --limit leaves out hosts on which it rests.

    What holds of the cluster and is asked again after a change is among them: a firewall outside that does not know a
    new node yet would be told only when that node has joined.
    """
    row, decision = planned.row, planned.decision
    again = row.target.kind == "cluster" and planned.asked_again_after is not None
    if row.closing or (isinstance(decision, Satisfied) and not again):
        return decision
    left_out = [
        other
        for other in every.followed(row)
        if selection.has_step(other)
        and not selection.walks(other)
        and (rests_on(row, other) or (row.target.kind == "cluster" and _is_finished(other.target.name, every, decided)))
        and not _holds(other, decided)
    ]
    return _left_out(row, left_out) if left_out else decision


def _is_finished(host: str, every: Order, decided: Decided) -> bool:
    """Whether the last of the host's own rows holds: it is in the cluster, and what is missing there is missed."""
    own = [row for row in every.rows if row.target.name == host]
    return bool(own) and _holds(own[-1], decided)


def _holds(row: Row, decided: Decided) -> bool:
    found = decided.get(row.id)
    return found is not None and isinstance(found.decision, Satisfied)


def out_of_run(later: Later) -> Blocked:
    """A row that waits for a step which this run does not have."""
    return Blocked(
        Code.STEP_MISSING,
        f"{later.after} must come first, and this run does not have that step: {later.summary}",
        f"`kboot init-master` first, or `kboot up`, which has all; --only and --skip must leave {later.after} in.",
    )


def _left_out(row: Row, others: Sequence[Row]) -> Blocked:
    hosts = list(dict.fromkeys(other.target.name for other in others))
    where, name = ", ".join(hosts), others[0].step.name()
    return Blocked(
        Code.HOST_LEFT_OUT,
        f"{row.step.name()} on {row.target.name} needs {name} on {where}, which is not so and --limit leaves out",
        f"Add {','.join(hosts)} to --limit.",
    )
