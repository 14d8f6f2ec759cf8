"""Step runtime-conflict-gone."""

from collections.abc import Iterator, Mapping

from bootstrap.facts.network import INTERFACES, Interface
from bootstrap.facts.packages import PACKAGES, Package
from bootstrap.facts.runtimes import CONTAINERS_SCRIPT, RIVALS, RIVALS_IN_USE, Container, RivalsInUse
from bootstrap.model.action import Action, Run
from bootstrap.model.answer import Answer, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.runtime import apt
from bootstrap.steps.runtime.supplied import supply, supply_questions
from bootstrap.steps.unread import unread

KEPT = "/var/lib/docker and /var/lib/containerd stay"
# Runtimes that can live beside containerd: packages, and the name that people know them by.
NEIGHBOURS = {"podman": "podman", "cri-o": "CRI-O", "lxc": "LXC"}
# Docker as Debian packages it, and as Docker itself does, which lives on containerd.io.
_DEBIANS_DOCKER, _DOCKERS_DOCKER = "docker.io", "docker-ce"
_SHOWN = 3

# dockerd gives each of its containers 10 s (docker stop(1)); what others started through containerd gets as much.
# A task is what runs of a container: its deletion keeps the container's record, its layers and its volumes.
_END_S = 180.0
_END = f"""\
systemctl stop docker.socket docker.service 2>/dev/null
containers() {{{CONTAINERS_SCRIPT}}}
[ -n "$(containers)" ] || exit 0
systemctl start containerd.service || exit 1
containers | while read -r _ space id _; do ctr -n "$space" tasks kill --all -s TERM "$id"; done
for waited in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
    force=
    [ "$waited" -lt 10 ] || force=--force
    containers | while read -r _ space id _; do ctr -n "$space" tasks delete $force "$id" 2>/dev/null; done
    [ -n "$(containers)" ] || exit 0
    sleep 1
done
echo "still running: $(containers)" >&2
exit 1
"""


class RuntimeConflictGone(Step):
    """No package is installed that containerd.io cannot be installed beside: docker.io, containerd, runc of the system.

    Debian's docker.io depends on its own containerd and runc, and containerd.io excludes both (docs.docker.com/engine/
    install/debian, "Uninstall old versions"). Where no container runs on them they are removed, by name and never
    purged: images, volumes and configuration stay. Where one runs, the inventory decides (cluster.runtimeConflict).
    They go once what comes in their place is on the host and verified.
    """

    follows = ("package-source-trusted",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return (*target.questions(RIVALS_IN_USE, INTERFACES), *supply_questions(target))

    def decide(self, target: Target, facts: Facts) -> Decision:
        packages, in_use, cards = (facts(target.asked, fact) for fact in (PACKAGES, RIVALS_IN_USE, INTERFACES))
        if waiting := unread(packages, in_use, cards):
            return waiting
        installed = packages.value if isinstance(packages, Known) else {}
        rivals = tuple(installed[name] for name in RIVALS if name in installed and _is_there(installed[name]))
        if not rivals:
            remarks = (_beside(target, installed), _bridge_left(target, installed, cards))
            return Satisfied(remark="\n".join(filter(None, remarks)))
        users = in_use.value if isinstance(in_use, Known) else RivalsInUse((), ())
        if kept := _kept(target, rivals, users):
            return kept
        found = supply(target, facts)
        return found if isinstance(found, Blocked | Waiting) else _removal(rivals, users.containers, found.ahead())


def _is_there(package: Package) -> bool:
    return package.installed or package.broken


def _beside(target: Target, installed: Mapping[str, Package]) -> str:
    found = [word for name, word in NEIGHBOURS.items() if name in installed and installed[name].installed]
    return f"{', '.join(found)} on {target.name} stays beside containerd: no pod runs in it" if found else ""


def _bridge_left(target: Target, installed: Mapping[str, Package], cards: Answer[tuple[Interface, ...]]) -> str:
    """What a removal cannot take along: it lives in the kernel, and its rules stand among those of others by now."""
    removed = _DEBIANS_DOCKER in installed and not _is_there(installed[_DEBIANS_DOCKER])
    others = installed.get(_DOCKERS_DOCKER)
    bridge = isinstance(cards, Known) and any(card.name == "docker0" for card in cards.value)
    if not (removed and bridge) or (others and others.installed):
        return ""
    left = "its bridge docker0 and its packet filter rules stay there until the host restarts"
    return f"{_DEBIANS_DOCKER} is gone from {target.name}; {left}, unless another Docker has them"


def _kept(target: Target, rivals: tuple[Package, ...], users: RivalsInUse) -> Blocked | None:
    """Why they must not go; None when they may."""
    policy = target.inventory.cluster.runtime_conflict
    names = ", ".join(package.name for package in rivals)
    if users.needed_by:
        problem = f"{', '.join(users.needed_by)} on {target.name} needs {names}, which containerd.io cannot be beside"
        advice = f"when it may go: sudo apt-get remove {' '.join(users.needed_by)}; then run again"
    elif policy == "replace":
        return None
    elif policy == "keep":
        problem = f"{names} on {target.name} cannot be beside containerd.io, and runtimeConflict says keep"
        advice = "take another host, or say `runtimeConflict: auto` under `cluster` of the inventory"
    elif users.containers:
        running = _listed([container.shown for container in users.containers])
        problem = f"{running} on {target.name} runs on {names}, which containerd.io cannot be beside"
        advice = f"stop what may go, or say `runtimeConflict: replace` under `cluster` of the inventory: {_MEANS}"
    elif held := [package.name for package in rivals if package.held]:
        problem = f"{', '.join(held)} on {target.name} is held by its admin and cannot be beside containerd.io"
        advice = f"sudo apt-mark unhold {' '.join(held)}, or say `runtimeConflict: replace` under `cluster`"
    else:
        return None
    return Blocked(Code.RUNTIME_CONFLICT, problem, advice)


_MEANS = f"kboot then stops the containers and removes the packages; {KEPT}"


def _removal(rivals: tuple[Package, ...], running: tuple[Container, ...], ahead: tuple[Action, ...]) -> Change:
    gone = ", ".join(f"{package.name} {package.version}" for package in rivals)
    ended = f"stop {_listed([container.shown for container in running])}; " if running else ""
    return Change(f"{ended}remove {gone}, purge nothing: {KEPT}", (*ahead, *_actions(rivals, running)))


def _actions(rivals: tuple[Package, ...], running: tuple[Container, ...]) -> Iterator[Action]:
    if running:
        yield Run(("sh",), stdin=text(_END), timeout_s=_END_S)
    names = tuple(package.name for package in rivals)
    yield apt.remove(names)
    if _DEBIANS_DOCKER in names:
        # dockerd that had to kill a container has failed, and a unit without a file would say so until a restart.
        yield Run(("systemctl", "reset-failed", "docker.service", "docker.socket"), ok=frozenset({0, 1}))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
