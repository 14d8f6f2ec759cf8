"""A packet filter that is not ufw's: what of a node's packets it refuses, and the commands that let them in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network
from itertools import product

from bootstrap.facts.network import Interface
from bootstrap.facts.packet_rules import Chain, FilterRule, Iptables, Kind, Table
from bootstrap.facts.ufw import ANYWHERE, Rule
from bootstrap.model.target import Target
from bootstrap.steps.host.members import Members, members
from bootstrap.steps.host.packet_path import End, Packets, refused

# By which packets of pods come to a host and leave for them: its own pods, and those of other hosts.
POD_INTERFACES = (BRIDGE, OVERLAY) = ("cni0", "flannel.1")
_UNKNOWN = "?"
_PROTOCOLS = ("tcp", "udp")
_IPTABLES_CHAINS = frozenset({"INPUT", "FORWARD"})


@dataclass(frozen=True, slots=True)
class Barrier:
    """A table that does not let all of a node's packets pass: wanted rules, and where each ended first."""

    table: Table
    ends: tuple[tuple[Rule, End], ...]

    @property
    def kind(self) -> Kind:
        """Which program's table it is."""
        return self.table.kind

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The wanted rules whose packets do not all pass."""
        return tuple(rule for rule, _ in self.ends)


def barrier(target: Target, table: Table, wanted: Iterable[Rule], interfaces: tuple[Interface, ...]) -> Barrier | None:
    """None where all wanted packets pass this table."""
    opened, known = _opened(table) if target.wanted.addon("flannel") else table, members(target.inventory)
    near = _near(opened, known)
    passed = ((rule, near if rule.source in known else opened) for rule in wanted)
    ends = tuple((rule, end) for rule, one in passed if (end := _first_end(target, one, rule, interfaces)))
    return Barrier(table, ends) if ends else None


def _near(table: Table, known: Members) -> Table:
    """Without what is about strangers: each node's packets would be compared with each of many banned addresses."""

    def rules(chain: Chain) -> Iterator[FilterRule]:
        for rule in chain.rules:
            if (sources := known.among(rule.match.sources)) != ():
                yield replace(rule, match=replace(rule.match, sources=sources))

    return replace(table, chains=tuple(replace(chain, rules=tuple(rules(chain))) for chain in table.chains))


def _first_end(target: Target, table: Table, rule: Rule, interfaces: tuple[Interface, ...]) -> End | None:
    ends = (refused(packets, table) for packets in _packets(target, rule, interfaces))
    return next((end for end in ends if end), None)


def _opened(table: Table) -> Table:
    """flannel appends rules to iptables' FORWARD that accept its pods' packets (main.go, --iptables-forward-rules).

    So a policy of DROP, as Docker sets it, is none for them; a rule before the end is, and so is the other flavour's
    policy: flannel's image takes the flavour that kubelet took, the host's own.
    """
    if not _is_iptables(table):
        return table
    chains = (replace(chain, policy="accept") if chain.name == "FORWARD" else chain for chain in table.chains)
    return replace(table, chains=tuple(chains))


def beside_ufw(table: Table) -> Table:
    """What of a table is not ufw's to open: its rules stand in INPUT and FORWARD of the host's iptables."""
    if not _is_iptables(table):
        return table
    chains = (replace(chain, hook="") if chain.name in _IPTABLES_CHAINS else chain for chain in table.chains)
    return replace(table, chains=tuple(chains))


def _is_iptables(table: Table) -> bool:
    """nft tells of the host's iptables too: base chains that nft wrote beside are more than iptables-save can print."""
    return table.kind in {"iptables", "nftables"} and (table.family, table.name) == ("ip", "filter")


def _packets(target: Target, rule: Rule, interfaces: tuple[Interface, ...]) -> Iterator[Packets]:
    """Those that a filter may treat apart: by way, by port, and TCP's and UDP's where no protocol is named."""
    address = target.machine.node_address
    own = next((one.name for one in interfaces if one.holds(address)), _UNKNOWN)
    here = rule.destination if rule.route else _single(address)
    protocols = _PROTOCOLS if rule.protocol == "any" else (rule.protocol,)
    ways = _ways(rule, own, from_pods=rule.source == target.inventory.cluster.pod_cidr)
    for protocol, port, (came, goes) in product(protocols, rule.ports.split(","), ways):
        yield Packets(replace(rule, protocol=protocol), int(port) if port.isdigit() else None, came, goes, here)


def _ways(rule: Rule, own: str, *, from_pods: bool) -> Iterable[tuple[str, str]]:
    """From which interface to which: pods' packets to pods here and elsewhere and out; others' to pods; to the host."""
    if not rule.route:
        return ((one, "") for one in (POD_INTERFACES if from_pods else (own,)))
    if from_pods:
        return (BRIDGE, BRIDGE), (BRIDGE, OVERLAY), (BRIDGE, own), (OVERLAY, BRIDGE)
    return (own, BRIDGE), (own, OVERLAY)


def _single(address: str) -> IPv4Network:
    try:
        return IPv4Network(IPv4Address(address))
    except ValueError:
        return ANYWHERE


def lines(found: Barrier, interface: str) -> tuple[str, ...]:
    """What an admin types on the host, ready to be copied; `interface` is the node's."""
    match found.kind:
        case "nftables":
            return tuple(_nft(found))
        case "firewalld":
            return tuple(_firewalld(found, interface))
        case command:
            return tuple(_iptables(found.rules, command))


def kept(found: Barrier) -> str:
    """How the lines outlive a reboot; each firewall has its own way."""
    match found.kind:
        case "nftables":
            return "keep them over a reboot: append these lines, without `sudo nft` and quotes, to /etc/nftables.conf"
        case "firewalld":
            return "--permanent keeps them over a reboot"
        case "iptables":
            return "keep them over a reboot: sudo netfilter-persistent save (package iptables-persistent)"
        case command:
            return f"keep them over a reboot where {command}'s other rules come from"


def _grouped(rules: Iterable[Rule]) -> Iterator[tuple[Rule, tuple[IPv4Network, ...]]]:
    """Rules that differ in their source alone, as one with all of these sources; none: anywhere."""
    groups: dict[Rule, list[IPv4Network]] = {}
    for rule in rules:
        groups.setdefault(replace(rule, source=ANYWHERE), []).append(rule.source)
    for rule, sources in groups.items():
        yield rule, () if ANYWHERE in sources else tuple(sources)


def _nft(found: Barrier) -> Iterator[str]:
    """`insert` puts it before every rule that refuses (nft(8))."""
    table = f"{found.table.family} {found.table.name}"
    for rule, sources in _grouped(found.rules):
        for chain in found.table.hooked("forward" if rule.route else "input"):
            words = [f"ip saddr {_set(map(short, sources))}"] if sources else []
            words += [f"ip daddr {rule.destination}"] if rule.destination != ANYWHERE else []
            words += [f"{rule.protocol} dport {_set(rule.ports.split(','))}"] if rule.ports != "any" else []
            yield f"sudo nft insert rule {table} {chain.name} '{' '.join([*words, 'accept'])}'"


def _iptables(rules: Iterable[Rule], command: Iptables) -> Iterator[str]:
    """`-I` puts it before every rule that refuses (iptables(8)); several sources make a rule for each."""
    for rule, sources in _grouped(rules):
        words = [f"-p {rule.protocol}"] if rule.protocol != "any" else []
        words += [f"-s {','.join(map(short, sources))}"] if sources else []
        words += [f"-d {rule.destination}"] if rule.destination != ANYWHERE else []
        if rule.ports != "any":
            words.append(f"-m multiport --dports {rule.ports}" if "," in rule.ports else f"--dport {rule.ports}")
        yield f"sudo {command} -I {'FORWARD' if rule.route else 'INPUT'} {' '.join(words)} -j ACCEPT"


def _firewalld(found: Barrier, interface: str) -> Iterator[str]:
    """Pods' network is trusted as a whole (firewalld.zones(5)); the node's zone gets the rest."""
    zone, command = _zone(found.table, interface), "sudo firewall-cmd --permanent"
    pods = {rule.source for rule in found.rules if rule.route and rule.destination == ANYWHERE}
    for network in sorted(pods):
        yield f"{command} --zone=trusted --add-source={network}"
    for rule in found.rules:
        for port in rule.ports.split(",") if not rule.route and rule.source not in pods else ():
            if rule.source == ANYWHERE:
                yield f"{command} --zone={zone} --add-port={port}/{rule.protocol}"
            else:
                asked = f'source address="{short(rule.source)}" port port="{port}" protocol="{rule.protocol}"'
                yield f"{command} --zone={zone} --add-rich-rule='rule family=\"ipv4\" {asked} accept'"
    yield "sudo firewall-cmd --reload"


def _zone(table: Table, interface: str) -> str:
    """The zone that an interface's packets go to; the last rule, without an interface, is the default zone's."""
    zones = table.chain("filter_INPUT_ZONES")
    for rule in zones.rules if zones else ():
        if rule.match.sources is None and (rule.match.inputs is None or interface in rule.match.inputs):
            return rule.target.removeprefix("filter_IN_")
    return "public"


def _set(values: Iterable[str]) -> str:
    found = list(values)
    return found[0] if len(found) == 1 else f"{{ {', '.join(found)} }}"


def short(network: IPv4Network) -> str:
    """A network as a person says it."""
    if network == ANYWHERE:
        return "anywhere"
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)
