"""Step kubernetes-held."""

from bootstrap.facts.kubeadm import MEMBER
from bootstrap.model.action import Action, Run
from bootstrap.model.answer import Absent
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.sources import KUBERNETES_PACKAGES
from bootstrap.model.target import Target
from bootstrap.steps.runtime.supplied import supply, supply_questions
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
        return (*supply_questions(target), *target.questions(MEMBER))

    def decide(self, target: Target, facts: Facts) -> Decision:
        found, member = supply(target, facts), facts(target.asked, MEMBER)
        if isinstance(found, Blocked | Waiting):
            return found
        if waiting := unread(member):
            return waiting
        wanted = target.inventory.cluster.kubernetes
        missing = tuple(name for name in KUBERNETES_PACKAGES if not found.has(name))
        others = [name for name in missing if found.has_any(name) and not found.in_version(name)]
        if others and not isinstance(member, Absent):
            has = ", ".join(f"{name} {found.installed[name].version}" for name in others)
            return Blocked(
                Code.KUBERNETES_DIFFERS,
                f"{target.name} is a node and has {has}; wanted is Kubernetes {wanted}",
                "upgrades come later: name the version (and the bundle) that the cluster runs, or rebuild the host",
            )
        loose = [name for name in KUBERNETES_PACKAGES if name in missing or not found.installed[name].held]
        actions: list[Action] = []
        if missing:
            brought = found.delivery(missing)
            if isinstance(brought, Later):
                return brought
            actions += brought
        if loose:
            actions.append(Run(("apt-mark", "hold", *loose)))
        if not actions:
            return Satisfied(wanted)
        what = ", ".join(f"{name} {found.version(name)}" for name in missing)
        return Change(
            f"install {what} and hold{found.why(missing)}" if missing else f"hold {', '.join(loose)}", tuple(actions)
        )
