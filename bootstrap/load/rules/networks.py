"""Networks: pods, services and nodes are apart, and each is large enough."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Host, Inventory

POD_CIDR: Path = ("cluster", "podCIDR")
SERVICE_CIDR: Path = ("cluster", "serviceCIDR")
# kube-controller-manager's default --node-cidr-mask-size-ipv4.
NODE_PREFIX = 24
# kubeadm, cmd/kubeadm/app/constants: MaximumBitsForServiceSubnet 20; MinimumAddressesInServiceSubnet 10.
WIDEST_SERVICE_PREFIX, NARROWEST_SERVICE_PREFIX = 12, 28


def pods_and_services_apart(inventory: Inventory) -> Iterator[Finding]:
    """A pod address that is also a service's would be rewritten by kube-proxy."""
    cluster = inventory.cluster
    if cluster.pod_cidr.overlaps(cluster.service_cidr):
        rule = f"podCIDR {cluster.pod_cidr} and serviceCIDR {cluster.service_cidr} overlap"
        free = _free_of((cluster.service_cidr, *_nodes(inventory)))
        yield Finding(POD_CIDR, Code.NETWORKS_OVERLAP, rule, f"for example podCIDR: {free}", (SERVICE_CIDR,))


def nodes_outside(inventory: Inventory) -> Iterator[Finding]:
    """A node inside the pod or service network cannot be reached by pods."""
    pods, services = inventory.cluster.pod_cidr, inventory.cluster.service_cidr
    for network, at, other in ((pods, POD_CIDR, services), (services, SERVICE_CIDR, pods)):
        inside = [(index, host) for index, host in enumerate(inventory.hosts) if _lies_in(network, host)]
        hint = f"for example {at[-1]}: {_free_of((other, *_nodes(inventory)))}" if inside else ""
        for index, host in inside:
            rule = f"{host.name}'s node address {host.node_address} lies inside {at[-1]} {network}"
            yield Finding(_address_path(index, host), Code.NETWORKS_OVERLAP, rule, hint, (at,))


def node_addresses_usable(inventory: Inventory) -> Iterator[Finding]:
    """kubelet refuses loopback, multicast, link-local and unspecified node addresses (validateNodeIP)."""
    for index, host in enumerate(inventory.hosts):
        address = _node_address(host)
        if address and (address.is_loopback or address.is_multicast or address.is_link_local or address.is_unspecified):
            rule = f"{address} cannot be a node's address"
            hint = "nodeIP is the address by which other nodes reach this host"
            yield Finding(_address_path(index, host), Code.FIELD_INVALID, rule, hint)


def networks_large_enough(inventory: Inventory) -> Iterator[Finding]:
    """Every node takes a /24 of the pod network; kubeadm bounds the service network to /12 ... /28."""
    pods, services = inventory.cluster.pod_cidr, inventory.cluster.service_cidr
    room = 2 ** (NODE_PREFIX - pods.prefixlen) if pods.prefixlen <= NODE_PREFIX else 0
    if room < len(inventory.hosts):
        rule = f"podCIDR {pods} has room for {room} nodes (a /24 each), and there are {len(inventory.hosts)}"
        yield Finding(POD_CIDR, Code.FIELD_INVALID, rule, "a /16 has room for 256")
    if not WIDEST_SERVICE_PREFIX <= services.prefixlen <= NARROWEST_SERVICE_PREFIX:
        rule = f"serviceCIDR {services} is out of kubeadm's bounds, /12 to /28"
        yield Finding(SERVICE_CIDR, Code.FIELD_INVALID, rule, "for example 10.96.0.0/16")


def _nodes(inventory: Inventory) -> tuple[IPv4Network, ...]:
    addresses = (_node_address(host) for host in inventory.hosts)
    return tuple({IPv4Network((address, 24), strict=False) for address in addresses if address})


def _free_of(taken: tuple[IPv4Network, ...]) -> IPv4Network:
    """A /16 of private space that touches none of these."""
    candidates = [IPv4Network(f"10.{octet}.0.0/16") for octet in (244, *range(200, 256), *range(200))]
    return next((one for one in candidates if not any(one.overlaps(other) for other in taken)), candidates[0])


def _lies_in(network: IPv4Network, host: Host) -> bool:
    address = _node_address(host)
    return address is not None and address in network


def _address_path(index: int, host: Host) -> Path:
    return ("hosts", index, "nodeIP" if host.node_ip else "address")


def _node_address(host: Host) -> IPv4Address | None:
    try:
        return IPv4Address(host.node_address)
    except ValueError:
        return None
