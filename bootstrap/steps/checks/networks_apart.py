"""Check networks-apart."""

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network

from bootstrap.facts.cni import FLANNEL_LINKS
from bootstrap.facts.kubeadm import MEMBER
from bootstrap.facts.network import INTERFACES, Interface
from bootstrap.model.answer import Absent, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.network import free_network
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread

# Interfaces that the cluster itself gives addresses of these networks.
CLUSTERS_OWN = (*FLANNEL_LINKS, "kube-ipvs0", "nodelocaldns")


class NetworksApart(Finding):
    """None of the host's own networks (LAN, docker0, VPN) overlaps with the pod or the service network.

    Packets for an address that is in two of them reach only one: kube-proxy rewrites those for a Service, and the
    route to a node's pods is narrower than the LAN's (kubernetes.io/docs/concepts/cluster-administration/networking:
    "non-overlapping IP addresses for Pods, Services and Nodes"). On a host that is a node already it is only said.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(INTERFACES, MEMBER)

    def find(self, target: Target, facts: Facts) -> Decision:
        interfaces, member = facts(target.asked, INTERFACES), facts(target.asked, MEMBER)
        if waiting := unread(interfaces, member):
            return waiting
        if not isinstance(interfaces, Known):
            return Waiting(f"the interfaces of {target.name}")
        own = tuple(_networks(interfaces.value))
        found = [
            f"{name} of {target.name} is in {net}, which overlaps with {word}" for name, net, word in _both(target, own)
        ]
        if not found:
            return Satisfied()
        if not isinstance(member, Absent):
            return Satisfied(remark="\n".join(found))
        return Blocked(Code.NETWORKS_OVERLAP, "; ".join(found), _advice(target, own))


def _networks(interfaces: tuple[Interface, ...]) -> Iterator[tuple[str, IPv4Network]]:
    """(interface, network) for every address that is not the cluster's own."""
    for interface in interfaces:
        if interface.name not in CLUSTERS_OWN:
            yield from ((interface.name, IPv4Interface(address).network) for address in interface.addresses)


def _both(target: Target, own: tuple[tuple[str, IPv4Network], ...]) -> Iterator[tuple[str, IPv4Network, str]]:
    cluster = target.inventory.cluster
    for key, network in (("podCIDR", cluster.pod_cidr), ("serviceCIDR", cluster.service_cidr)):
        yield from ((name, net, f"cluster.{key} {network}") for name, net in own if net.overlaps(network))


def _advice(target: Target, own: tuple[tuple[str, IPv4Network], ...]) -> str:
    """The lines of the inventory that mend it; another host may have further networks."""
    cluster = target.inventory.cluster
    lines, taken = [], [net for _, net in own] + [cluster.pod_cidr, cluster.service_cidr]
    for key, network in (("podCIDR", cluster.pod_cidr), ("serviceCIDR", cluster.service_cidr)):
        if any(net.overlaps(network) for _, net in own):
            taken.append(free_network(taken))
            lines.append(f"`{key}: {taken[-1]}`")
    return f"write {' and '.join(lines)} into the inventory's cluster, or give the interface another network"
