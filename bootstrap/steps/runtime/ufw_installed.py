"""Step ufw-installed."""

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.lock import LockedFile
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.runtime.bundled import FACTS, KUBERNETES, Supply, delivery, supply
from bootstrap.steps.runtime.containerd_installed import NAME as CONTAINERD

NAME = "ufw"


class UfwInstalled(Step):
    """Where the inventory says `firewall: enabled`, ufw is there to be turned on; elsewhere nothing is asked.

    Ubuntu installs it by default (help.ubuntu.com/community/UFW), Debian does not (wiki.debian.org, Uncomplicated
    Firewall). It is turned on by firewall-open, once it has the rules of the host's role.
    """

    follows = ("package-source-trusted",)
    settle_s = 30.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(*FACTS) if is_wanted(target) else ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        if not is_wanted(target):
            return Satisfied("not asked for")
        found = supply(target, facts)
        if isinstance(found, Blocked | Waiting):
            return found
        if found.has_any(NAME):
            return Satisfied(found.installed[NAME].version)
        if not is_supplied(found):
            return Blocked(
                Code.UFW_MISSING,
                f"the inventory says `firewall: enabled`, {target.name} has no ufw, and the bundle has none for "
                f"{found.release}",
                f"on {target.name}: sudo apt-get install ufw; then run again",
            )
        return Change("install ufw", delivery(_beside(found), (NAME,), found.release))


def is_wanted(target: Target) -> bool:
    """Whether the inventory asks for ufw."""
    return target.inventory.cluster.firewall.policy == "enabled"


def is_supplied(found: Supply) -> bool:
    """Whether the bundle has ufw for the host's release."""
    return any(file.name == NAME for file in _beside(found))


def _beside(found: Supply) -> tuple[LockedFile, ...]:
    """The release's own packages that the host lacks: a lock does not say which of them ufw draws in (it is Python)."""
    return tuple(
        file
        for file in found.lock.files
        if file.kind == "package"
        and file.release == found.release
        and file.name not in {*KUBERNETES, CONTAINERD}
        and not found.has_any(file.name)
    )
