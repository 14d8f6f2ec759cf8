"""The rules that a node's role needs, as ufw's rules, and the commands that add them."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from bootstrap.facts.network import Socket
from bootstrap.facts.ufw import ANYWHERE, COMMENT, Rule
from bootstrap.model.inventory import CONTROL_PLANE_ROLE
from bootstrap.model.tables import ports
from bootstrap.model.target import Target
from bootstrap.steps.host.members import node_network

DEFAULT_SSH_PORT = 22


def wanted_rules(target: Target, sockets: tuple[Socket, ...], live: int | None = None) -> tuple[Rule, ...]:
    """Every rule of this host, SSH's first, each once. `live` is the port of sshd that kboot came in by.

    A packet for a NodePort is DNATed to a pod and so is forwarded: it passes the routed rules, never INPUT. Pods
    reach kubelets and the API server from pod addresses (CoreDNS, metrics-server), nodes reach kubelets and VXLAN.
    """
    rules = [*ssh_rules(target, sockets, live), *_node(target), *_pods(target)]
    if target.machine.role == CONTROL_PLANE_ROLE:
        rules += _control_plane(target)
    return tuple(dict.fromkeys(rules))


def ssh_ports(target: Target, sockets: tuple[Socket, ...], live: int | None = None) -> tuple[int, ...]:
    """The inventory's port where something listens on it, else sshd's own ports (a NAT maps them), else the former.

    The port that kboot came in by is always one of them. Where kboot turns the firewall on, so is every port of sshd:
    nobody asked for any of them to be closed.
    """
    configured = target.machine.ssh.port or target.inventory.ssh.port or DEFAULT_SSH_PORT
    listening = {socket.port for socket in sockets if socket.protocol == "tcp" and not socket.on_loopback}
    own = sorted({socket.port for socket in sockets if socket.process.startswith("sshd") and not socket.on_loopback})
    found = [configured] if configured in listening or not own else own
    if target.inventory.cluster.firewall.policy == "enabled":
        found += own
    return tuple(dict.fromkeys([*found, *([live] if live else [])]))


def ssh_rules(target: Target, sockets: tuple[Socket, ...], live: int | None = None) -> tuple[Rule, ...]:
    """Those of them that are there for SSH."""
    return tuple(Rule("allow", "tcp", str(port)) for port in ssh_ports(target, sockets, live))


def added(rule: Rule) -> str:
    """The `ufw` command that adds it; ufw(8)'s full syntax."""
    return _command(rule, "allow")


def deleted(rule: Rule) -> str:
    """The `ufw` command that deletes it: with its comment, so that no rule of an admin's is meant."""
    return _command(rule, "delete allow")


def _command(rule: Rule, verb: str) -> str:
    """For a routed rule ufw takes `route delete allow`, and refuses `delete route allow` (its parser, 0.36.2)."""
    words = ["ufw", *(["route"] if rule.route else []), verb]
    if rule.protocol != "any":
        words += ["proto", rule.protocol]
    words += ["from", _network(rule.source), "to", _network(rule.destination)]
    if rule.ports != "any":
        words += ["port", rule.ports]
    return " ".join([*words, "comment", COMMENT])


def _node(target: Target) -> Iterator[Rule]:
    """What other nodes reach here. The host's own packets to itself pass loopback, which ufw accepts (before.rules)."""
    for source in (*_other_nodes(target), target.inventory.cluster.pod_cidr):
        yield Rule("allow", "tcp", _kubelet_ports(target), source)
    for source in _other_nodes(target):
        yield Rule("allow", "udp", str(ports.FLANNEL_VXLAN), source)
    # Load balancers ask here whether a NodePort's node is well, so it is open to whom NodePorts are open.
    for source in target.inventory.cluster.firewall.node_ports_from or (ANYWHERE,):
        yield Rule("allow", "tcp", str(ports.KUBE_PROXY_HEALTH), source)


def _control_plane(target: Target) -> Iterator[Rule]:
    cluster = target.inventory.cluster
    given = cluster.firewall.api_from
    sources = (*given, *_other_nodes(target), cluster.pod_cidr) if given else (ANYWHERE,)
    for source in sources:
        yield Rule("allow", "tcp", str(ports.API_SERVER), source)
    for peer in target.inventory.control_planes:
        if peer != target.machine and (address := node_network(peer)):
            yield Rule("allow", "tcp", ",".join(map(str, ports.ETCD)), address)


def _pods(target: Target) -> Iterator[Rule]:
    pods, given = target.inventory.cluster.pod_cidr, target.inventory.cluster.firewall.node_ports_from
    yield Rule("allow", "any", "any", source=pods, route=True)
    for source in (*given, *_other_nodes(target)) if given else (ANYWHERE,):
        yield Rule("allow", "any", "any", source=source, destination=pods, route=True)


def _kubelet_ports(target: Target) -> str:
    """In ufw's own order of a multiport rule, which is ascending."""
    old = (ports.METRICS_SERVER_OLD,) if target.inventory.cluster.firewall.metrics_4443 == "open" else ()
    return ",".join(map(str, (*old, ports.KUBELET)))


def _other_nodes(target: Target) -> tuple[IPv4Network, ...]:
    found = (node_network(host) for host in target.inventory.hosts if host != target.machine)
    return tuple(address for address in found if address)


def _network(network: IPv4Network) -> str:
    if network == ANYWHERE:
        return "any"
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)
