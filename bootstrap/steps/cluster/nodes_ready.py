"""Step nodes-ready."""

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.facts.nodes import NODES, Node
from bootstrap.model.answer import Answer, Known
from bootstrap.model.decision import Decision, Later, Satisfied, Waiting, strongest
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.cluster import standing
from bootstrap.steps.kubectl import COREDNS, cluster_objects
from bootstrap.steps.unread import unread

# By these taints a Ready node takes no new pods, and every pod stays Pending (kubernetes.io/docs/concepts/
# scheduling-eviction/node-pressure-eviction, with the thresholds that kubelet has by default).
_PRESSURES = {
    "node.kubernetes.io/disk-pressure": "its disk is nearly full (free: images < 15 %, or /var/lib/kubelet < 10 %)",
    "node.kubernetes.io/memory-pressure": "its memory is nearly used up (free: < 100 MiB)",
    "node.kubernetes.io/pid-pressure": "it has hardly a process id left",
}


class NodesReady(Step):
    """Every node whose host stands in this run is Ready, and cluster DNS answers; the others are named.

    A node is Ready once its kubelet, its container runtime and its CNI plugin work (kubernetes.io/docs/reference/node/
    node-status). CoreDNS waits for the first node that takes it, so it is the sign that pods run. A node that takes no
    new pods, because its disk or memory is nearly full, is named.
    """

    follows = ("control-plane-initialised", "flannel-running", "worker-joined", "control-plane-schedulable")
    settle_s = 180.0
    can_act = False

    def needs(self, target: Target) -> tuple[Question, ...]:
        return (*target.questions(NODES, cluster_objects(target.wanted)), *standing.questions(target))

    def decide(self, target: Target, facts: Facts) -> Decision:
        answer, objects = facts(target.asked, NODES), facts(target.asked, cluster_objects(target.wanted))
        if waiting := unread(answer, objects):
            return waiting
        if not isinstance(answer, Known):
            return Later("control-plane-initialised", "nodes become Ready")
        nodes = answer.value
        here, out = standing.hosts(target, facts)
        return strongest([*(_ready(host, nodes) for host in here), _others(here, out, nodes), _dns(objects, nodes)])


def _ready(host: Host, nodes: dict[str, Node]) -> Decision:
    """A host without a Node is for worker-joined to tell about."""
    node = nodes.get(host.name)
    if node is None:
        return Satisfied(f"{host.name} is not in the cluster")
    if node.is_ready:
        return Satisfied(remark=_pressed(node))
    return Waiting(f"node {node.name}: {node.why or 'its kubelet has not reported yet'}")


def _others(here: tuple[Host, ...], out: tuple[Host, ...], nodes: dict[str, Node]) -> Satisfied:
    """Nodes that this run does not answer for, by name: a remark when they are not Ready."""
    names = {host.name for host in here}
    silent = sorted(node.name for node in nodes.values() if node.name not in names and not node.is_ready)
    lost = [host.name for host in out if host.name not in silent]
    remarks = (f"node {name} is not Ready, and this run does not reach its host" for name in silent)
    return Satisfied(f"out of this run: {', '.join(lost)}" if lost else "", "\n".join(remarks))


def _pressed(node: Node) -> str:
    """Why a Ready node takes no new pods; empty where it does."""
    why = [words for key, words in _PRESSURES.items() if any(taint.startswith(f"{key}:") for taint in node.taints)]
    return f"node {node.name} takes no new pods: {'; '.join(why)}" if why else ""


def _dns(objects: Answer[dict[Ref, Json]], nodes: dict[str, Node]) -> Decision:
    """A cluster whose owner runs another DNS has no Deployment coredns, and that is not ours to judge."""
    coredns = objects.value.get(COREDNS) if isinstance(objects, Known) else None
    if coredns is None or coredns.get("status", {}).get("availableReplicas", 0) > 0:
        return Satisfied()
    pressed = filter(None, map(_pressed, nodes.values()))
    return Waiting("; ".join(("cluster DNS: no pod of CoreDNS is available yet", *pressed)))
