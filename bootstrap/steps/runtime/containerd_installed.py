"""Step containerd-installed."""

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.runtime.bundled import FACTS, KUBERNETES, Supply, delivery, supply

NAME = "containerd.io"
# Packages that containerd.io says it cannot be installed beside (docker/containerd-packaging debian/control), and
# Debian's docker.io, which depends on them.
IN_CONFLICT = ("containerd", "runc", "docker.io")


class ContainerdInstalled(Step):
    """containerd.io is installed in the bundle's version, with the programs that kubeadm, kubelet and CNI start.

    kubelet runs containers through it (kubernetes.io/docs/setup/production-environment/container-runtimes); runc is
    inside. The distribution's docker.io and containerd are in conflict with it and are never removed unasked.
    """

    follows = ("package-source-trusted",)
    settle_s = 30.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(*FACTS) if target.wanted.lock else ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        found = supply(target, facts)
        if isinstance(found, Blocked | Waiting):
            return found
        if rivals := [name for name in IN_CONFLICT if found.has_any(name)]:
            return Blocked(
                Code.RUNTIME_CONFLICT,
                f"{', '.join(rivals)} on {target.name} is in conflict with {NAME}",
                f"when nothing there needs it: sudo apt-get remove {' '.join(rivals)}; then run again",
            )
        missing = _missing(found)
        if not missing:
            return Satisfied(found.version(NAME))
        # What is not there, or is another version, is brought: apt may need the newer one of a dependency.
        brought = tuple(file for file in found.role_packages if file.name not in KUBERNETES and not found.has(file))
        names = tuple(f"{name}={found.version(name)}" if name == NAME else name for name in missing)
        return Change(f"install {', '.join(names)}", delivery(brought, names, found.release))


def _missing(found: Supply) -> list[str]:
    beside = [name for name in found.to_install if name not in KUBERNETES and name != NAME]
    runtime = next(file for file in found.role_packages if file.name == NAME)
    return [*([] if found.has(runtime) else [NAME]), *(name for name in beside if not found.has_any(name))]
