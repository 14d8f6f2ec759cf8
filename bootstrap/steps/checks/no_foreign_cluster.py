"""Check no-foreign-cluster."""

from bootstrap.facts.cni import CNI_CONFIGS, FLANNEL_CONFIG, FLANNEL_LINKS, LEFTOVERS
from bootstrap.facts.services import DISTRIBUTIONS, UNITS, Unit
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.reset import commands
from bootstrap.steps.unread import unread


class NoForeignCluster(Finding):
    """No other Kubernetes lives on the host, and no pod network of an earlier one is left on it.

    containerd takes the first file of /etc/cni/net.d whatever made it, so a leftover makes a node Ready with a network
    that is not the cluster's; a cni0 with an old address fails every pod ("already has an IP address different
    from"). `kubeadm reset` leaves both, and kube-proxy's rules; without the interfaces (after a reboot) the rest does
    no harm. kubeadm's own leftovers are told from a half-done init by control-plane-initialised and worker-joined.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(UNITS, CNI_CONFIGS, LEFTOVERS)

    def find(self, target: Target, facts: Facts) -> Decision:
        answers = tuple(facts(target.asked, fact) for fact in (UNITS, CNI_CONFIGS, LEFTOVERS))
        if waiting := unread(*answers):
            return waiting
        units, configs, left = answers
        if isinstance(units, Known) and (other := _distribution(units.value)):
            problem, advice = f"{other} is installed on {target.name}", f"uninstall {other} as its manual says"
            return Blocked(Code.FOREIGN_CLUSTER, problem, f"{advice}, or take another host")
        files = _foreign_configs(target, configs.value) if isinstance(configs, Known) else []
        old = _old_network(left.value) if isinstance(left, Known) else ()
        problems, mends = [], []
        if files:
            problems.append(f"/etc/cni/net.d of {target.name} has {', '.join(files)} of another pod network")
            mends.append(f"sudo rm {' '.join(f'/etc/cni/net.d/{file}' for file in files)}")
        if old:
            problems.append(f"an earlier cluster left on {target.name}, which is no node: {', '.join(old)}")
            mends.append(commands(old))
        if not problems:
            return Satisfied()
        advice = f"when it may go, on {target.name}: `{'; '.join(mends)}`, then run again"
        return Blocked(Code.FOREIGN_CLUSTER, "; ".join(problems), advice)


def _distribution(units: dict[str, Unit]) -> str | None:
    return next((word for name, word in DISTRIBUTIONS.items() if name in units and units[name].is_loaded), None)


def _foreign_configs(target: Target, files: tuple[str, ...]) -> list[str]:
    """Before flannel has written its file, any other would be taken; after that, only one that sorts before it."""
    if target.wanted.addon("flannel") is None:
        return []
    return [file for file in files if file != FLANNEL_CONFIG and (FLANNEL_CONFIG not in files or file < FLANNEL_CONFIG)]


def _old_network(left: tuple[str, ...]) -> tuple[str, ...]:
    """All that is left, where its interfaces are among it."""
    return () if {*FLANNEL_LINKS}.isdisjoint(left) else left
