"""Check resources-enough."""

from bootstrap.facts.containerd import images
from bootstrap.facts.kubeadm import MEMBER
from bootstrap.facts.packages import PACKAGES, Package
from bootstrap.facts.staging import FOLDER, STAGED
from bootstrap.facts.system import HARDWARE, Hardware, free_space
from bootstrap.model.answer import Absent, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import CONTROL_PLANE_ROLE
from bootstrap.model.tables.node import IMAGES_MB, MINIMUM_CPUS, MINIMUM_DISK_MB, MINIMUM_MEMORY_MB, PROGRAMS_MB
from bootstrap.model.tables.sources import UPSTREAM_PACKAGES
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.runtime.images import wanted_images
from bootstrap.steps.unread import unread

FREE = free_space(tuple(MINIMUM_DISK_MB))
ETCD = "/var/lib/etcd"
_MB = 1_000_000
# kubeadm counts memory in units of 1024 * 1024 (app/preflight/checks_linux.go) and calls them MB.
_MEMORY_MB = 1024 * 1024


class ResourcesEnough(Finding):
    """The host has the CPUs, the memory and, mount by mount, the free disk that its role needs before it is a node.

    kubeadm refuses a control plane below 2 CPUs or 1700 MB; what the others rest on stands in model/tables/node.py.
    What a run that was stopped has brought needs no room again, so the next one goes on; a host that is a node has all
    its images and data on the disk, and its free space says nothing here.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(HARDWARE, FREE, MEMBER, PACKAGES, images(wanted_images(target)), STAGED)

    def find(self, target: Target, facts: Facts) -> Decision:
        hardware, free, member = (facts(target.asked, fact) for fact in (HARDWARE, FREE, MEMBER))
        if waiting := unread(hardware, free, member):
            return waiting
        if not isinstance(hardware, Known):
            return Waiting(f"the hardware of {target.name}")
        short = _short_of_hardware(target, hardware.value)
        full = _full_mounts(target, free.value, facts) if isinstance(member, Absent) and isinstance(free, Known) else {}
        if short or full:
            advice = "give the host more, or name this check in cluster.checks.ignore to try it all the same"
            freeing = [_freeing(target.name, mount) for mount in full]
            problem = f"{target.name} has {'; '.join([*short, *full.values()])}"
            return Blocked(Code.RESOURCES_SHORT, problem, "\n".join([*freeing, advice]))
        return Satisfied(f"{hardware.value.cpus} CPUs, {hardware.value.memory_bytes // _MEMORY_MB} MB of memory")


def _short_of_hardware(target: Target, hardware: Hardware) -> list[str]:
    role, memory_mb = target.machine.role, hardware.memory_bytes // _MEMORY_MB
    cpus, least_mb = MINIMUM_CPUS[role], MINIMUM_MEMORY_MB[role]
    found = [f"{hardware.cpus} CPUs of the {cpus} that a {role} needs"] if hardware.cpus < cpus else []
    return [*found, f"{memory_mb} MB of memory of the {least_mb} MB"] if memory_mb < least_mb else found


def _full_mounts(target: Target, free: dict[str, tuple[str, int]], facts: Facts) -> dict[str, str]:
    """mount -> what it lacks. Paths on one mount share its space, so what they need is summed."""
    paths: dict[str, dict[str, int]] = {}
    free_mb: dict[str, int] = {}
    needed = _needed_mb(target, facts)
    for path, (mount, free_bytes) in free.items():
        if path != ETCD or target.machine.role == CONTROL_PLANE_ROLE:
            paths.setdefault(mount, {})[path] = needed[path]
            free_mb[mount] = free_bytes // _MB
    return {
        mount: f"{free_mb[mount]} MB free on {mount} of the {sum(below.values())} MB needed ({_each(below)})"
        for mount, below in paths.items()
        if free_mb[mount] < sum(below.values())
    }


def _needed_mb(target: Target, facts: Facts) -> dict[str, int]:
    """path -> MB, less what of it is there. What cannot be read counts as not there: the host may be anybody's."""
    wanted = wanted_images(target)
    packages, held, staged = (facts(target.asked, fact) for fact in (PACKAGES, images(wanted), STAGED))
    here = sum(reference in held.value for reference in wanted) if isinstance(held, Known) else 0
    needed = dict(MINIMUM_DISK_MB)
    needed["/var/lib/containerd"] -= IMAGES_MB * here // len(wanted) if wanted else 0
    if isinstance(packages, Known) and all(_is_installed(packages.value.get(name)) for name in UPSTREAM_PACKAGES):
        needed["/usr"] -= PROGRAMS_MB
    left_mb = sum(file.size_bytes for file in staged.value) // _MB if isinstance(staged, Known) else 0
    needed[FOLDER] = max(0, needed[FOLDER] - left_mb)
    return needed


def _is_installed(package: Package | None) -> bool:
    return package is not None and package.installed


def _each(needed: dict[str, int]) -> str:
    return ", ".join(f"{path} {size_mb}" for path, size_mb in needed.items())


def _freeing(host: str, mount: str) -> str:
    """du(1) -x stays on the mount; the other two free what most hosts have too much of."""
    usual = "; usual: sudo apt-get clean, sudo journalctl --vacuum-size=200M" if mount in {"/", "/var"} else ""
    return f"on {host}, what fills {mount}: sudo du -xhd1 {mount} | sort -h{usual}"
