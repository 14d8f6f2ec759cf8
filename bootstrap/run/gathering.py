"""What a playbook's first questions tell: every host asked everything at once, and the plan that follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from bootstrap.model.event import HostConnecting, HostSeen, Observer, RowDecided, RunStarted
from bootstrap.model.fact import Facts, Question
from bootstrap.model.plan import Plan
from bootstrap.model.playbook import Playbook, rows
from bootstrap.model.report import HostResult, HostStatus
from bootstrap.model.target import OPERATOR, Wanted
from bootstrap.run.eyes import Eyes, Patience
from bootstrap.run.ledger import Ledger, Since
from bootstrap.run.listener import Listener
from bootstrap.run.order import Order
from bootstrap.run.parallel import in_parallel
from bootstrap.run.plan import plan, questions
from bootstrap.run.selection import EVERYTHING, Selection
from bootstrap.transport.connection import Connection


def plan_run(
    playbook: Playbook,
    wanted: Wanted,
    connections: Mapping[str, Connection],
    selection: Selection,
    observer: Observer,
) -> Plan:
    """What a run would decide on the facts of now. Takes no lock and changes nothing: it has no hands to do it with."""
    return survey(playbook, wanted, connections, selection, observer)[0]


def survey(  # noqa: PLR0917  as plan_run
    playbook: Playbook,
    wanted: Wanted,
    connections: Mapping[str, Connection],
    selection: Selection,
    observer: Observer,
    also: Iterable[Question] = (),
) -> tuple[Plan, Facts]:
    """A plan, and the answers to what is asked `also`, in the same exec of each host."""
    extra = tuple(also)
    listener = Listener(observer)
    ledger = Ledger(listener.learn, listener.fell)
    order = Order(rows(playbook, wanted))
    listener.tell(RunStarted(playbook.name, wanted.run.run_id, walked(order, selection).rows))
    eyes = {host: Eyes(host, connection, ledger, Patience()) for host, connection in connections.items()}
    asked = questions(order.rows)
    for question in extra:
        asked[question.host] = tuple(dict.fromkeys((*asked.get(question.host, ()), question)))
    hosts = gather(eyes, asked, ledger, listener)
    planned = tuple(
        replace(one, decision=listener.masked_decision(one.decision)) for one in plan(order, selection, ledger)
    )
    for one in planned:
        listener.tell(RowDecided(one.row, one.decision))
    fallen = tuple((host.host, host.why) for host in hosts if host.status is not HostStatus.REACHED)
    return Plan(planned, fallen, hosts), ledger.facts(extra)


def gather(
    eyes: Mapping[str, Eyes], wanted: Mapping[str, Sequence[Question]], ledger: Ledger, listener: Listener
) -> tuple[HostResult, ...]:
    """Ask every host everything, all at once, one exec each; how each host stands."""

    def one(host: str) -> None:
        if host != OPERATOR:
            listener.tell(HostConnecting(host))
        fallen = eyes[host].ask(wanted[host], Since(), on_flight=partial(listener.in_flight, host))
        if host != OPERATOR and not fallen:
            listener.tell(HostSeen(HostResult(host, HostStatus.REACHED)))

    asked = [host for host in wanted if host in eyes]
    in_parallel([partial(one, host) for host in asked])
    return standing(asked, ledger, listener)


def walked(order: Order, selection: Selection) -> Order:
    """The rows that this selection leaves in."""
    return order if selection == EVERYTHING else Order(tuple(row for row in order.rows if selection.walks(row)))


def standing(asked: Iterable[str], ledger: Ledger, listener: Listener) -> tuple[HostResult, ...]:
    """How each of these hosts stands."""
    found = (ledger.fallen(host) or HostResult(host, HostStatus.REACHED) for host in asked if host != OPERATOR)
    return tuple(listener.masked_host(one) for one in found)
