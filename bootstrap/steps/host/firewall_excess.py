"""What an active ufw lets in beyond what is wanted: rules of kboot's from an earlier inventory, an admin's wider ones.

kboot's rules are known by their comment and go when the inventory sets a closer limit; those of a node or a network
that the inventory does not name any more stay, for the cluster may have it still. What an admin opened is the admin's,
and only told where the inventory sets a limit.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from bootstrap.facts.network import Socket
from bootstrap.facts.ufw import ANYWHERE, Rule, Ufw
from bootstrap.model.inventory import CONTROL_PLANE_ROLE
from bootstrap.model.tables import ports
from bootstrap.model.target import Target
from bootstrap.steps.host.firewall_rules import deleted
from bootstrap.steps.host.rules_by_source import RulesBySource

ADMITTING = frozenset({"allow", "limit"})
# TCP ports that kboot opens for Kubernetes; every other one that it opened was SSH's.
_CONTROL_PLANE_PORTS = (ports.API_SERVER, *ports.ETCD)
_COMPONENT_PORTS = frozenset({*_CONTROL_PLANE_PORTS, ports.KUBELET, ports.KUBE_PROXY_HEALTH, ports.METRICS_SERVER_OLD})


def outlived(wanted: tuple[Rule, ...], rules: tuple[Rule, ...], sockets: tuple[Socket, ...]) -> tuple[Rule, ...]:
    """Rules that kboot made and that may go now, in ufw's order."""
    unwanted = _unwanted(wanted, rules)
    staying = (*wanted, *(rule for rule in rules if rule not in unwanted))
    return tuple(
        rule
        for rule in unwanted
        if not (_may_serve_a_member(rule, wanted, rules) or _may_be_the_only_way_in(rule, staying, sockets))
    )


def remarks(target: Target, wanted: tuple[Rule, ...], ufw: Ufw, going: tuple[Rule, ...]) -> Iterator[str]:
    """What stays open all the same, and why. `going` are the rules of kboot's that do not stay."""
    rules = ufw.rules
    yield from _by_default(target, ufw)
    for rule in _unwanted(wanted, rules):
        if _may_serve_a_member(rule, wanted, rules):
            yield (
                "ufw's rules for a node or a network that the inventory does not name any more stay, for the cluster "
                "may have it still; when it has not: `sudo ufw status numbered`, `sudo ufw delete NUMBER`"
            )
        elif rule not in going:
            yield (
                f"something may listen on {_ports(rule)}, so ufw's rule for it stays, which kboot made and no longer "
                f"needs; if nothing does: sudo {deleted(rule)}"
            )
    for rule in rules:
        limits = () if rule.ours or rule.action not in ADMITTING else tuple(_limits_passed(rule, target, wanted))
        if limits:
            source = "anywhere" if rule.source == ANYWHERE else rule.source
            kind = "routed packets" if rule.route else _ports(rule)
            yield (
                f"ufw lets in {kind} from {source}, more than {' and '.join(limits)} says, by a rule that kboot did "
                "not make and leaves alone"
            )


def _by_default(target: Target, ufw: Ufw) -> Iterator[str]:
    """Where ufw lets through what no rule matches, no rule can limit it; kboot changes no default of an admin's."""
    firewall = target.inventory.cluster.firewall
    if ufw.lets_in and target.machine.role == CONTROL_PLANE_ROLE and firewall.api_from:
        yield "cluster.firewall.apiFrom limits nothing: ufw allows incoming packets by default"
    if ufw.lets_in and firewall.metrics_4443 == "closed":
        yield "cluster.firewall.metrics4443 closes nothing: ufw allows incoming packets by default"
    if ufw.routes and firewall.node_ports_from:
        yield "cluster.firewall.nodePortsFrom limits nothing: ufw allows routed packets by default"


def _unwanted(wanted: tuple[Rule, ...], rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    found = RulesBySource(wanted)
    return tuple(rule for rule in rules if rule.ours and not any(rule.same_as(one) for one in found.covering(rule)))


def _may_serve_a_member(rule: Rule, wanted: tuple[Rule, ...], rules: tuple[Rule, ...]) -> bool:
    """A node or pod network that is gone from the inventory, or was edited there, may live on in the cluster.

    So may the control plane on a host that the inventory calls a worker now.
    """
    former = _members(rules) - _members(wanted)
    other_role = any(
        rule.matches_tcp(port) and not any(one.matches_tcp(port) for one in wanted) for port in _CONTROL_PLANE_PORTS
    )
    return other_role or rule.source in former or rule.destination in former


def _members(rules: tuple[Rule, ...]) -> frozenset[IPv4Network]:
    """To whom kboot opened kubelet's port: the nodes and the pod network."""
    return frozenset(rule.source for rule in rules if rule.matches_tcp(ports.KUBELET) and rule.source != ANYWHERE)


def _may_be_the_only_way_in(rule: Rule, staying: tuple[Rule, ...], sockets: tuple[Socket, ...]) -> bool:
    """SSH's port is not always known (behind a NAT, with socket activation): any listener may be sshd but a node's own.

    Without a list of listeners, every port but a node's may be it.
    """
    incoming = [socket for socket in sockets if socket.protocol == "tcp" and not socket.on_loopback]
    in_use = {one.port for one in incoming if one.port not in _COMPONENT_PORTS or one.process.startswith("sshd")}
    if not incoming and rule.ports.isdigit():
        in_use = {int(rule.ports)} - _COMPONENT_PORTS
    doors = [Rule("allow", "tcp", str(port)) for port in in_use]
    return any(rule.covers(door) and not _is_admitted(door, staying) for door in doors)


def _is_admitted(door: Rule, rules: tuple[Rule, ...]) -> bool:
    return any(rule.covers(door) and rule.action in ADMITTING for rule in rules)


def _limits_passed(rule: Rule, target: Target, wanted: tuple[Rule, ...]) -> Iterator[str]:
    """Fields of the inventory that limit who gets in, and whose limit this rule passes."""
    firewall, pods = target.inventory.cluster.firewall, target.inventory.cluster.pod_cidr
    api, health, old = ports.API_SERVER, ports.KUBE_PROXY_HEALTH, ports.METRICS_SERVER_OLD
    if firewall.api_from and _passes(rule, api, wanted) and any(one.matches_tcp(api) for one in wanted):
        yield "cluster.firewall.apiFrom"
    routed = tuple(one.source for one in wanted if one.route)
    to_pods = rule.route and rule.destination.overlaps(pods) and not _within(rule.source, routed)
    if firewall.node_ports_from and (to_pods or _passes(rule, health, wanted)):
        yield "cluster.firewall.nodePortsFrom"
    if firewall.metrics_4443 == "closed" and _passes(rule, old, wanted):
        yield "cluster.firewall.metrics4443"


def _passes(rule: Rule, port: int, wanted: tuple[Rule, ...]) -> bool:
    return rule.matches_tcp(port) and not _within(rule.source, tuple(o.source for o in wanted if o.matches_tcp(port)))


def _within(source: IPv4Network, allowed: tuple[IPv4Network, ...]) -> bool:
    return any(source.subnet_of(one) for one in allowed)


def _ports(rule: Rule) -> str:
    return "all ports" if rule.ports == "any" else f"{rule.ports}/{rule.protocol}"
