"""Where packets of the cluster come from: its nodes, and their pods."""

from dataclasses import dataclass
from ipaddress import IPv4Network

from bootstrap.model.inventory import Host, Inventory


@dataclass(frozen=True, slots=True)
class Members:
    """Their addresses, and wider networks."""

    addresses: frozenset[IPv4Network]
    networks: tuple[IPv4Network, ...]

    def __contains__(self, network: IPv4Network) -> bool:
        """Whether every address of this network is known to be one of theirs."""
        return network in self.addresses or network in self.networks

    def hold(self, network: IPv4Network) -> bool:
        """Whether an address of this network may be a node's or a pod's. A list of banned ones may be very long."""
        if network in self.addresses or any(network.overlaps(one) for one in self.networks):
            return True
        return network.prefixlen < network.max_prefixlen and any(network.overlaps(one) for one in self.addresses)

    def among(self, sources: tuple[IPv4Network, ...] | None) -> tuple[IPv4Network, ...] | None:
        """Of the sources that a rule asks for those that may be theirs; None: it asks for none."""
        return None if sources is None else tuple(filter(self.hold, sources))


def members(inventory: Inventory) -> Members:
    """Hosts that the inventory has by a name are not among them: address-on-interface asks for a nodeIP."""
    nodes = frozenset(address for host in inventory.hosts if (address := node_network(host)))
    return Members(nodes, (inventory.cluster.pod_cidr,))


def node_network(host: Host) -> IPv4Network | None:
    """Its address as a node; None for a name: rules of packet filters hold addresses."""
    try:
        return IPv4Network(host.node_address)
    except ValueError:
        return None
