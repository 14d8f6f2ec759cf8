"""Step ufw-installed."""

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.runtime.supplied import supply, supply_questions

NAME = "ufw"


class UfwInstalled(Step):
    """Where the inventory says `firewall: enabled`, ufw is there to be turned on; elsewhere nothing is asked.

    Ubuntu installs it by default (help.ubuntu.com/community/UFW), Debian does not (wiki.debian.org, Uncomplicated
    Firewall). It is turned on by firewall-open, once it has the rules of the host's role.
    """

    follows = ("package-source-trusted",)
    settle_s = 30.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return supply_questions(target) if is_wanted(target) else ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        if not is_wanted(target):
            return Satisfied("not asked for")
        found = supply(target, facts)
        if isinstance(found, Blocked | Waiting):
            return found
        if found.has_any(NAME):
            return Satisfied(found.installed[NAME].version)
        brought = found.of_distribution(NAME)
        if isinstance(brought, Later):
            return brought
        if brought is None:
            return Blocked(
                Code.UFW_MISSING,
                f"the inventory says `firewall: enabled`, {target.name} has no ufw, and the bundle has none for its "
                "release",
                f"on {target.name}: sudo apt-get install ufw; then run again",
            )
        return Change("install ufw", brought)


def is_wanted(target: Target) -> bool:
    """Whether the inventory asks for ufw."""
    return target.inventory.cluster.firewall.policy == "enabled"
