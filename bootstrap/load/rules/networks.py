"""Networks: pods, services and nodes are apart, and each is large enough."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.network import free_network

POD_CIDR: Path = ("cluster", "podCIDR")
SERVICE_CIDR: Path = ("cluster", "serviceCIDR")
# By each of these a machine reaches itself.
_ITSELF = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8")))
# iana.org/assignments/iana-ipv4-special-registry, and multicast (RFC 5771).
SPECIAL = (*_ITSELF, *map(IPv4Network, ("169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")))
# kube-controller-manager's default --node-cidr-mask-size-ipv4.
NODE_PREFIX = 24
# kubeadm, cmd/kubeadm/app/constants: MaximumBitsForServiceSubnet 20; MinimumAddressesInServiceSubnet 10.
WIDEST_SERVICE_PREFIX, NARROWEST_SERVICE_PREFIX = 12, 28


def pods_and_services_apart(inventory: Inventory) -> Iterator[Finding]:
    """A pod address that is also a service's would be rewritten by kube-proxy."""
    cluster = inventory.cluster
    if cluster.pod_cidr.overlaps(cluster.service_cidr):
        rule = f"podCIDR {cluster.pod_cidr} and serviceCIDR {cluster.service_cidr} overlap"
        hint = _example(POD_CIDR, inventory, cluster.service_cidr)
        yield Finding(POD_CIDR, Code.NETWORKS_OVERLAP, rule, hint, (SERVICE_CIDR,))


def nodes_outside(inventory: Inventory) -> Iterator[Finding]:
    """A node inside the pod or service network cannot be reached by pods."""
    pods, services = inventory.cluster.pod_cidr, inventory.cluster.service_cidr
    for network, at, other in ((pods, POD_CIDR, services), (services, SERVICE_CIDR, pods)):
        inside = [(index, host) for index, host in enumerate(inventory.hosts) if _lies_in(network, host)]
        hint = _example(at, inventory, other) if inside else ""
        for index, host in inside:
            rule = f"{host.name}'s node address {host.node_address} lies inside {at[-1]} {network}"
            yield Finding(_address_path(index, host), Code.NETWORKS_OVERLAP, rule, hint, (at,))


def endpoint_outside(inventory: Inventory) -> Iterator[Finding]:
    """Nodes ask for the API server there before there are pods or Services: it is no worker's address nor their own."""
    if inventory.cluster.endpoint is None:
        return
    name = inventory.cluster.endpoint.partition(":")[0]
    address = _as_address("127.0.0.1" if name == "localhost" else name)
    worker = next((host for host in inventory.workers if name == host.node_address), None)
    networks = {"pod network": inventory.cluster.pod_cidr, "service network": inventory.cluster.service_cidr}
    if address and any(address in here for here in _ITSELF):
        rule = f"by {name} every node would ask itself for the API server"
    elif address and any(address in special for special in SPECIAL):
        rule = f"{name} is no machine's address"
    elif worker:
        rule = f"{name} is the address of {worker.name}, a worker"
    elif inside := next((word for word, network in networks.items() if address and address in network), ""):
        rule = f"{name} lies inside the {inside}"
    else:
        return
    hint = "name the control plane or what balances its load; without `endpoint` it is the control plane's address"
    yield Finding(("cluster", "endpoint"), Code.FIELD_INVALID, rule, hint)


def node_addresses_usable(inventory: Inventory) -> Iterator[Finding]:
    """kubelet refuses loopback, multicast, link-local and unspecified node addresses (validateNodeIP)."""
    for index, host in enumerate(inventory.hosts):
        address = _node_address(host)
        if address and (any(address in special for special in SPECIAL)):
            rule = f"{address} cannot be a node's address"
            hint = "nodeIP is the address by which other nodes reach this host"
            yield Finding(_address_path(index, host), Code.FIELD_INVALID, rule, hint)


def networks_usable(inventory: Inventory) -> Iterator[Finding]:
    """Pods and Services have unicast addresses: no loopback, link-local, multicast, reserved or unspecified ones."""
    pods, services = inventory.cluster.pod_cidr, inventory.cluster.service_cidr
    for path, network, other in ((POD_CIDR, pods, services), (SERVICE_CIDR, services, pods)):
        if any(network.overlaps(special) for special in SPECIAL):
            rule = f"{path[-1]} {network} holds addresses that are no machine's"
            yield Finding(path, Code.FIELD_INVALID, rule, _example(path, inventory, other))


def networks_large_enough(inventory: Inventory) -> Iterator[Finding]:
    """Every node takes a /24 of the pod network; kubeadm bounds the service network to /12 ... /28."""
    pods, services = inventory.cluster.pod_cidr, inventory.cluster.service_cidr
    room = 2 ** (NODE_PREFIX - pods.prefixlen) if pods.prefixlen <= NODE_PREFIX else 0
    if room < len(inventory.hosts):
        nodes = "1 node" if room == 1 else f"{room} nodes"
        rule = f"podCIDR {pods} has room for {nodes} (a /24 each), and there are {len(inventory.hosts)}"
        yield Finding(POD_CIDR, Code.FIELD_INVALID, rule, _wider(inventory))
    if not WIDEST_SERVICE_PREFIX <= services.prefixlen <= NARROWEST_SERVICE_PREFIX:
        rule = f"serviceCIDR {services} is out of kubeadm's bounds, /12 to /28"
        yield Finding(SERVICE_CIDR, Code.FIELD_INVALID, rule, _example(SERVICE_CIDR, inventory, pods))


def _wider(inventory: Inventory) -> str:
    """The same pod network with room for these nodes, where nothing else is in it; else another, or its width."""
    pods, services = inventory.cluster.pod_cidr, inventory.cluster.service_cidr
    prefix = min(16, NODE_PREFIX - (len(inventory.hosts) - 1).bit_length())
    wider = IPv4Network((pods.network_address, prefix), strict=False)
    if not any(wider.overlaps(other) for other in (services, *_nodes(inventory), *SPECIAL)):
        return f'did you mean "{wider}"?'
    if prefix == 16:
        return _example(POD_CIDR, inventory, services)
    return f"a /{prefix} has room for {2 ** (NODE_PREFIX - prefix)}"


def _example(path: Path, inventory: Inventory, other: IPv4Network) -> str:
    """A network that neither the other one nor a node is in."""
    return f"for example {path[-1]}: {free_network((other, *_nodes(inventory)))}"


def _nodes(inventory: Inventory) -> tuple[IPv4Network, ...]:
    addresses = (_node_address(host) for host in inventory.hosts)
    return tuple({IPv4Network((address, 24), strict=False) for address in addresses if address})


def _lies_in(network: IPv4Network, host: Host) -> bool:
    address = _node_address(host)
    return address is not None and address in network


def _address_path(index: int, host: Host) -> Path:
    return ("hosts", index, "nodeIP" if host.node_ip else "address")


def _node_address(host: Host) -> IPv4Address | None:
    return _as_address(host.node_address)


def _as_address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None
