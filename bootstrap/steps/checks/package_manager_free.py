"""Check package-manager-free."""

from bootstrap.facts.packages import APT_LOCKS, PACKAGES
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.runtime.supplied import supply, supply_questions
from bootstrap.steps.runtime.supply import Supply
from bootstrap.steps.unread import unread


class PackageManagerFree(Finding):
    """Where packages are to be installed, no other apt or dpkg is at work and none was cut off.

    unattended-upgrades runs in a host's first minutes and holds dpkg's lock (/var/lib/dpkg/lock-frontend). A host that
    has every package is not waited for: nothing of ours needs the lock there.
    """

    settle_s = 600.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return (*target.questions(APT_LOCKS), *supply_questions(target))

    def find(self, target: Target, facts: Facts) -> Decision:
        locks, packages = facts(target.asked, APT_LOCKS), facts(target.asked, PACKAGES)
        if waiting := unread(locks, packages):
            return waiting
        found = supply(target, facts)
        if isinstance(found, Supply) and all(found.has_any(name) for name in found.to_install):
            return Satisfied("every package is there")
        if isinstance(locks, Known) and locks.value:
            holders = ", ".join(f"{holder.command.strip()} (process {holder.pid})" for holder in locks.value)
            return Waiting(f"the package manager on {target.name}, held by {holders}")
        broken = [one.name for one in packages.value.values() if one.broken] if isinstance(packages, Known) else []
        if isinstance(found, Supply):
            # A run of ours that was killed: the next one finishes it.
            broken = [name for name in broken if not found.is_own(name)]
        if broken:
            return Blocked(
                Code.DPKG_INTERRUPTED,
                f"dpkg on {target.name} was cut off in {', '.join(broken)}",
                f"on {target.name}: sudo dpkg --configure -a; then run again",
            )
        return Satisfied()
