"""Step kubernetes-held."""

from bootstrap.facts.kubeadm import MEMBER
from bootstrap.model.action import Action, Run
from bootstrap.model.answer import Absent
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.runtime.bundled import FACTS, KUBERNETES, delivery, supply
from bootstrap.steps.unread import unread


class KubernetesHeld(Step):
    """kubelet, kubeadm, kubectl and kubernetes-cni are installed in the wanted version, and apt is told to hold them.

    An unattended update of kubelet is an upgrade that nobody asked for (kubernetes.io/docs/setup/
    production-environment/tools/kubeadm/install-kubeadm). On a host that is a node, another version is an upgrade,
    which kboot does not do yet.
    """

    follows = ("package-source-trusted", "containerd-installed")
    settle_s = 30.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(*FACTS, MEMBER) if target.wanted.lock else ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        found = supply(target, facts)
        if isinstance(found, Blocked | Waiting):
            return found
        member = facts(target.asked, MEMBER)
        if waiting := unread(member):
            return waiting
        wanted = tuple(file for file in found.role_packages if file.name in KUBERNETES)
        others = [file for file in wanted if not found.has(file) and found.has_any(file.name)]
        if others and not isinstance(member, Absent):
            has = ", ".join(f"{file.name} {found.installed[file.name].version}" for file in others)
            return Blocked(
                Code.KUBERNETES_DIFFERS,
                f"{target.name} is a node and has {has}; the bundle has {others[0].version}",
                "upgrades come later: name the bundle and the version that the cluster runs, or rebuild the host",
            )
        missing = tuple(file for file in wanted if not found.has(file))
        loose = [file.name for file in wanted if file in missing or not found.installed[file.name].held]
        actions: list[Action] = []
        if missing:
            names = tuple(f"{file.name}={file.version}" for file in missing)
            actions += delivery(missing, names, found.release)
        if loose:
            actions.append(Run(("apt-mark", "hold", *loose)))
        if not actions:
            return Satisfied(found.lock.kubernetes)
        what = ", ".join(f"{file.name} {file.version}" for file in missing)
        return Change(f"install {what} and hold" if missing else f"hold {', '.join(loose)}", tuple(actions))
