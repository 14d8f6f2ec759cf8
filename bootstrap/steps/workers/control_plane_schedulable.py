"""Step control-plane-schedulable."""

from bootstrap.facts.nodes import NODES, Node
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Later, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.kubeadm import CONTROL_PLANE_TAINT
from bootstrap.model.target import Target
from bootstrap.steps.kubectl import kubectl
from bootstrap.steps.unread import unread


class ControlPlaneSchedulable(Step):
    """The control plane takes ordinary pods exactly when the inventory has no workers (or says so itself).

    kubeadm taints it (kubernetes.io/docs/reference/labels-annotations-taints, node-role.kubernetes.io/control-plane);
    without workers everything else would stay Pending. The taint comes off only by the inventory, and is put back only
    once a worker is Ready: so it never flaps, and pods always have somewhere to go.
    """

    follows = ("control-plane-initialised", "worker-joined")

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(NODES)

    def decide(self, target: Target, facts: Facts) -> Decision:
        answer = facts(target.asked, NODES)
        if waiting := unread(answer):
            return waiting
        if not isinstance(answer, Known):
            return Later("control-plane-initialised", "the control plane's taint")
        nodes = answer.value
        hosts = [host for host in target.inventory.control_planes if target.wanted.may_change(host.name)]
        if not hosts:
            return Satisfied("left as it is: --limit leaves the control plane out")
        ours = [nodes[host.name] for host in hosts if host.name in nodes]
        tainted = _tainted(target)
        if tainted and target.inventory.cluster.control_plane_taint == "auto" and not _has_worker(target, nodes):
            return Satisfied("left as it is until a worker is Ready")
        differing = [node.name for node in ours if (CONTROL_PLANE_TAINT in node.taints) != tainted]
        if not differing:
            return Satisfied("tainted" if tainted else "takes ordinary pods")
        how = (CONTROL_PLANE_TAINT, "--overwrite") if tainted else (f"{CONTROL_PLANE_TAINT}-",)
        summary = "put the control plane's taint back" if tainted else "take the control plane's taint off"
        return Change(summary, (kubectl("taint", "nodes", *differing, *how),))


def _tainted(target: Target) -> bool:
    """What the inventory wants."""
    word = target.inventory.cluster.control_plane_taint
    return word == "keep" or (word == "auto" and bool(target.inventory.workers))


def _has_worker(target: Target, nodes: dict[str, Node]) -> bool:
    return any(nodes[host.name].is_ready for host in target.inventory.workers if host.name in nodes)
