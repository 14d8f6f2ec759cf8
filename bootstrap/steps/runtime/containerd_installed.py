"""Step containerd-installed."""

from bootstrap.facts.runtimes import RIVALS
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.sources import CONTAINERD_PACKAGE, UPSTREAM_PACKAGES
from bootstrap.model.target import Target
from bootstrap.steps.runtime.supplied import supply, supply_questions
from bootstrap.steps.runtime.supply import Supply


class ContainerdInstalled(Step):
    """containerd.io is installed in a version that kubelet takes, and the programs that kubeadm, kubelet and CNI start.

    kubelet runs containers through it (kubernetes.io/docs/setup/production-environment/container-runtimes); runc is
    inside. With a bundle it is the bundle's version, else the newest of its major, and one that is there stays.
    """

    follows = ("package-source-trusted", "runtime-conflict-gone")
    settle_s = 30.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return supply_questions(target)

    def decide(self, target: Target, facts: Facts) -> Decision:
        found = supply(target, facts)
        if isinstance(found, Blocked | Waiting):
            return found
        if rivals := [name for name in RIVALS if found.has_any(name)]:
            return Later("runtime-conflict-gone", f"install {CONTAINERD_PACKAGE} in the place of {', '.join(rivals)}")
        missing = _missing(found)
        if not missing:
            return Satisfied(found.installed[CONTAINERD_PACKAGE].version)
        if target.inventory.cluster.runtime_conflict != "replace" and (problem := _held(target, found)):
            return problem
        actions = found.delivery(missing)
        if isinstance(actions, Later):
            return actions
        what = ", ".join(str(found.named(name)) for name in missing)
        return Change(f"install {what}{found.why(missing)}", actions)


def _missing(found: Supply) -> tuple[str, ...]:
    beside = [name for name in found.to_install if name not in UPSTREAM_PACKAGES and not found.has_any(name)]
    return (*(() if found.has(CONTAINERD_PACKAGE) else (CONTAINERD_PACKAGE,)), *beside)


def _held(target: Target, found: Supply) -> Blocked | None:
    """Another version that somebody holds: kboot itself never holds it, so an admin means to keep it."""
    here = found.installed.get(CONTAINERD_PACKAGE)
    if here is None or not (here.installed and here.held) or found.in_version(CONTAINERD_PACKAGE):
        return None
    return Blocked(
        Code.RUNTIME_CONFLICT,
        f"{CONTAINERD_PACKAGE} {here.version} on {target.name} is held by its admin, and another version is wanted",
        f"sudo apt-mark unhold {CONTAINERD_PACKAGE}, or say `runtimeConflict: replace` under `cluster`",
    )
