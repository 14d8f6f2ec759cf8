"""Check package-manager-free."""

from bootstrap.facts.packages import APT_LOCKS, PACKAGES, Package
from bootstrap.facts.runtimes import RIVALS
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
        broken = [one for one in packages.value.values() if one.broken] if isinstance(packages, Known) else []
        broken = [one for one in broken if not _finished_by_a_run(one, found)]
        if broken:
            names = ", ".join(one.name for one in broken)
            problem = f"dpkg on {target.name} was cut off in {names}"
            return Blocked(Code.DPKG_INTERRUPTED, problem, _advice(target.name, broken))
        return Satisfied()


def _finished_by_a_run(package: Package, found: Supply | Blocked | Waiting) -> bool:
    """One that a run of ours was installing, or removing (runtime-conflict-gone), when it was killed."""
    removed = package.name in RIVALS and (package.state.startswith("r") or not package.torn)
    return removed or (isinstance(found, Supply) and found.is_own(package.name))


def _advice(host: str, broken: list[Package]) -> str:
    torn = " ".join(one.name for one in broken if one.torn)
    again = f"; sudo apt-get install --reinstall {torn}" if torn else ""
    return f"on {host}: `sudo dpkg --configure -a{again}`; then run again"
