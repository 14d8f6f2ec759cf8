"""Which hosts stand in this run, for steps about the cluster: the others' Nodes may say what they said before."""

from bootstrap.facts.system import MACHINE_ID
from bootstrap.model.answer import Unreadable
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host
from bootstrap.model.target import Target


def questions(target: Target) -> tuple[Question, ...]:
    """What it takes to know."""
    return tuple(Question(host.name, MACHINE_ID) for host in _taking_part(target))


def hosts(target: Target, facts: Facts) -> tuple[tuple[Host, ...], tuple[Host, ...]]:
    """Those that answer, and those that take part and do not."""
    taking_part = _taking_part(target)
    out = tuple(host for host in taking_part if isinstance(facts(host.name, MACHINE_ID), Unreadable))
    return tuple(host for host in taking_part if host not in out), out


def _taking_part(target: Target) -> tuple[Host, ...]:
    return tuple(host for host in target.inventory.hosts if target.wanted.takes_part(host.name))
