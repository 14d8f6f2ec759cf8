"""Check no-foreign-cluster."""

from bootstrap.facts.cni import CNI_CONFIGS
from bootstrap.facts.kubeadm import MEMBER
from bootstrap.facts.network import INTERFACES, Interface
from bootstrap.facts.services import UNITS, Unit
from bootstrap.model.answer import Absent, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.reset import CLEAR_FLANNEL, FLANNEL_CONFIG, FLANNEL_LINKS
from bootstrap.steps.unread import unread

DISTRIBUTIONS = {
    "k3s.service": "k3s",
    "k3s-agent.service": "k3s",
    "rke2-server.service": "RKE2",
    "rke2-agent.service": "RKE2",
    "k0scontroller.service": "k0s",
    "k0sworker.service": "k0s",
    "snap.microk8s.daemon-kubelite.service": "MicroK8s",
}


class NoForeignCluster(Finding):
    """No other Kubernetes lives on the host, and no pod network of an earlier one is left on it.

    containerd takes the first file of /etc/cni/net.d whatever made it, so a leftover makes a node Ready with a network
    that is not the cluster's; a cni0 with an old address fails every pod ("already has an IP address different
    from"). kubeadm's own leftovers are told from a half-done init by control-plane-initialised and worker-joined.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(UNITS, CNI_CONFIGS, INTERFACES, MEMBER)

    def find(self, target: Target, facts: Facts) -> Decision:
        answers = tuple(facts(target.asked, fact) for fact in (UNITS, CNI_CONFIGS, INTERFACES, MEMBER))
        if waiting := unread(*answers):
            return waiting
        units, configs, interfaces, member = answers
        name, is_member = target.name, not isinstance(member, Absent)
        if isinstance(units, Known) and (other := _distribution(units.value)):
            problem, advice = (
                f"{other} is installed on {name}",
                f"uninstall {other} as its manual says, or take another host",
            )
        elif isinstance(configs, Known) and (left := _foreign_configs(target, configs.value)):
            problem = f"/etc/cni/net.d of {name} has {', '.join(left)} of another pod network"
            advice = f"when it may go, on {name}: sudo rm {' '.join(f'/etc/cni/net.d/{file}' for file in left)}"
        elif not is_member and isinstance(interfaces, Known) and (old := _old_interfaces(interfaces.value)):
            problem = f"{', '.join(old)} of an earlier cluster is still on {name}, which is no node"
            advice = f"on {name}: `{CLEAR_FLANNEL}`"
        else:
            return Satisfied()
        return Blocked(Code.FOREIGN_CLUSTER, problem, advice)


def _distribution(units: dict[str, Unit]) -> str | None:
    return next((word for name, word in DISTRIBUTIONS.items() if name in units and units[name].is_loaded), None)


def _foreign_configs(target: Target, files: tuple[str, ...]) -> list[str]:
    """Before flannel has written its file, any other would be taken; after that, only one that sorts before it."""
    if target.wanted.addon("flannel") is None:
        return []
    return [file for file in files if file != FLANNEL_CONFIG and (FLANNEL_CONFIG not in files or file < FLANNEL_CONFIG)]


def _old_interfaces(interfaces: tuple[Interface, ...]) -> list[str]:
    return [interface.name for interface in interfaces if interface.name in FLANNEL_LINKS]
