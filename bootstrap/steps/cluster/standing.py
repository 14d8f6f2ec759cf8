"""Which hosts stand in this run, for steps about the cluster: the others' Nodes may say what they said before."""

from bootstrap.facts.system import MACHINE_ID
from bootstrap.model.answer import Unreadable
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host
from bootstrap.model.target import Target


def questions(target: Target) -> tuple[Question, ...]:
    """What it takes to know."""
    return tuple(Question(host.name, MACHINE_ID) for host in target.wanted.taking_part)


def hosts(target: Target, facts: Facts) -> tuple[tuple[Host, ...], tuple[Host, ...]]:
    """Those that answer, and those that take part and do not."""
    taking_part = target.wanted.taking_part
    out = tuple(host for host in taking_part if isinstance(facts(host.name, MACHINE_ID), Unreadable))
    return tuple(host for host in taking_part if host not in out), out
