"""Whether a worker is in the cluster: shared by worker-joined and join-token-live, so that they never disagree."""

from collections.abc import Mapping

from bootstrap.facts.kubeadm import JOIN_FILES, KUBELET_CONF, Files
from bootstrap.facts.nodes import NODES, Node
from bootstrap.facts.system import MACHINE_ID
from bootstrap.model.answer import Known, Unreadable
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host
from bootstrap.model.target import Target

NO_FILES = Files(frozenset(), frozenset())


def questions(target: Target, host: Host) -> tuple[Question, ...]:
    """What it takes to know."""
    return (
        Question(target.inventory.first_control_plane.name, NODES),
        Question(host.name, MACHINE_ID),
        Question(host.name, JOIN_FILES),
    )


def is_out_of_reach(host: Host, facts: Facts) -> bool:
    """Whether the host itself does not say who it is: it has left this run."""
    return isinstance(facts(host.name, MACHINE_ID), Unreadable) or isinstance(facts(host.name, JOIN_FILES), Unreadable)


def is_member(host: Host, nodes: Mapping[str, Node], facts: Facts) -> bool:
    """Its Node is there with this very machine's id, and the kubelet has its own kubeconfig.

    kubelet writes its machine's id with the credentials of that kubeconfig, so these are the cluster's.
    """
    node, machine, files = nodes.get(host.name), facts(host.name, MACHINE_ID), facts(host.name, JOIN_FILES)
    if node is None or not isinstance(machine, Known) or not isinstance(files, Known):
        return False
    return node.machine_id == machine.value and KUBELET_CONF in files.value.whole
