"""Check os-supported."""

from bootstrap.facts.system import SYSTEM, System
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.tables.systems import ARCHITECTURES, CGROUP_V1_REFUSED_SINCE, SYSTEMS
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread


class OsSupported(Finding):
    """The host runs a Debian or Ubuntu that kboot is made for, under systemd, on the bundle's architecture.

    Package names, paths and units are those systems' (model/tables/systems.py); kubelet since 1.35 does not start on
    cgroup v1 unless it is told to (kubernetes.io/docs/concepts/architecture/cgroups).
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(SYSTEM)

    def find(self, target: Target, facts: Facts) -> Decision:
        answer = facts(target.asked, SYSTEM)
        if not isinstance(answer, Known):
            return unread(answer) or Waiting(f"the operating system of {target.name}")
        system = answer.value
        for problem, advice in _problems(target, system):
            return Blocked(Code.OS_UNSUPPORTED, f"{target.name}: {problem}", advice)
        return Satisfied(f"{system.pretty_name}, kernel {system.kernel}")


def _problems(target: Target, system: System) -> list[tuple[str, str]]:
    found = []
    if system.version_id not in SYSTEMS.get(system.id, ()):
        made_for = "; ".join(f"{name} {', '.join(versions)}" for name, versions in SYSTEMS.items())
        found.append(
            (f"runs {system.pretty_name}; kboot is made for {made_for}", "reinstall the host with one of them")
        )
    if system.init != "systemd":
        found.append((f"process 1 is {system.init}, not systemd", "kubelet and containerd are systemd units here"))
    architecture, lock = ARCHITECTURES.get(system.machine), target.wanted.lock
    if architecture is None or (lock and lock.architecture != architecture):
        wanted = lock.architecture if lock else ", ".join(ARCHITECTURES.values())
        found.append(
            (f"is {system.machine}, wanted is {wanted}", f"name a bundle for {architecture or system.machine}")
        )
    if system.cgroup_version == 1 and _refuses_cgroup_v1(target):
        advice = "boot with systemd.unified_cgroup_hierarchy=1, or set cluster.overlays.kubelet.failCgroupV1: false"
        found.append(("has cgroup v1, with which this kubelet does not start", advice))
    return found


def _refuses_cgroup_v1(target: Target) -> bool:
    major, minor, _ = target.inventory.cluster.kubernetes.split(".")
    told = target.inventory.cluster.overlays.kubelet.get("failCgroupV1", True)
    return (int(major), int(minor)) >= CGROUP_V1_REFUSED_SINCE and told is not False
