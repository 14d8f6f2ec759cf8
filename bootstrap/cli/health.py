"""What `kboot status` asks beside the plan, and how the answers become what the screen shows."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bootstrap.facts.certificates import CERTIFICATES
from bootstrap.facts.keyrings import PACKAGE_KEYS
from bootstrap.facts.nodes import NODES
from bootstrap.facts.nodes import Node as NodeFact
from bootstrap.facts.pods import UNREADY_PODS, UnreadyPod
from bootstrap.model.answer import Absent, Answer, Known, Unreadable
from bootstrap.model.fact import Facts, Question
from bootstrap.show.health import Expiry, Health, Node, Pod

if TYPE_CHECKING:
    from bootstrap.model.inventory import Inventory

# kubernetes.io/docs/reference/labels-annotations-taints, "node-role.kubernetes.io"
_ROLE = "node-role.kubernetes.io/"


def questions(inventory: "Inventory") -> tuple[Question, ...]:
    """Nodes and pods of the first control plane; certificates and package keys of every host."""
    first = inventory.first_control_plane.name
    held = (Question(host.name, fact) for host in inventory.hosts for fact in (CERTIFICATES, PACKAGE_KEYS))
    return (Question(first, NODES), Question(first, UNREADY_PODS), *held)


def health(inventory: "Inventory", facts: Facts, now: datetime) -> Health:
    """How the cluster is; `now` has a time zone."""
    first = inventory.first_control_plane.name
    nodes, pods = facts(first, NODES), facts(first, UNREADY_PODS)
    return Health(
        now,
        tuple(map(_node, nodes.value.values())) if isinstance(nodes, Known) else (),
        tuple(map(_pod, pods.value)) if isinstance(pods, Known) else (),
        tuple(_certificates(inventory, facts)),
        _silence(nodes),
        tuple(_keys(inventory, facts)),
    )


def _silence(nodes: Answer[object]) -> str:
    """Why nothing is known of the cluster itself; empty when something is."""
    match nodes:
        case Absent():
            return "no control plane yet"
        case Unreadable(why):
            return why
        case _:
            return ""


def _node(node: NodeFact) -> Node:
    words = ["Ready" if node.is_ready else "NotReady", *(["cordoned"] if node.cordoned else [])]
    roles = tuple(sorted(name.removeprefix(_ROLE) for name in node.labels if name.startswith(_ROLE)))
    why = "" if node.is_ready else node.why
    return Node(node.name, ", ".join(words), roles, node.kubelet, node.address, why)


def _pod(pod: UnreadyPod) -> Pod:
    return Pod(pod.namespace, pod.name, pod.node, pod.phase, pod.why)


def _certificates(inventory: "Inventory", facts: Facts) -> Iterator[Expiry]:
    for host in inventory.hosts:
        answer = facts(host.name, CERTIFICATES)
        for one in answer.value if isinstance(answer, Known) else ():
            yield Expiry(host.name, one.name, one.expires, authority=one.authority)


def _keys(inventory: "Inventory", facts: Facts) -> Iterator[Expiry]:
    for host in inventory.hosts:
        answer = facts(host.name, PACKAGE_KEYS)
        for one in answer.value if isinstance(answer, Known) else ():
            yield Expiry(host.name, one.name, one.expires)
