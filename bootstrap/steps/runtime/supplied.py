"""The one place that knows where a host's packages come from: the bundle, or the repositories."""

from bootstrap.facts.packages import PACKAGES
from bootstrap.facts.system import SYSTEM
from bootstrap.model.decision import Blocked, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.runtime.bundled import bundled
from bootstrap.steps.runtime.published import index, published
from bootstrap.steps.runtime.supply import Supply


def supply_questions(target: Target) -> tuple[Question, ...]:
    """All that `supply` may ask."""
    if target.wanted.lock:
        return target.questions(SYSTEM, PACKAGES)
    return target.questions(SYSTEM, PACKAGES, index(target.inventory))


def supply(target: Target, facts: Facts) -> Supply | Blocked | Waiting:
    """What the host needs and has, by the bundle's lock or by the repositories' index."""
    lock = target.wanted.lock
    return bundled(lock, target, facts) if lock else published(target, facts)
