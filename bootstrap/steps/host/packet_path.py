"""Whether packets that a node needs pass a packet filter: a walk through its chains, as the kernel goes.

Only what surely passes counts as passing. A rule that takes some of the packets (one stranger's, one interface's) lets
none of the others pass and is no refusal; one that kboot cannot read, and that may refuse, is said to be so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Network
from typing import Literal, TypeAlias

from bootstrap.facts.packet_rules import Chain, FilterRule, Match, Table
from bootstrap.facts.ufw import Rule

Outcome: TypeAlias = Literal["passes", "refused", "unread"]
_DEPTH = 16
_KNOWN = ("KUBE-", "FLANNEL-", "CNI-", "DOCKER", "ufw-", "ufw6-", "cali-", "CILIUM")


@dataclass(frozen=True, slots=True)
class Packets:
    """New packets of one protocol, as a rule of ufw's would name them, on one way: from `input` to `output`.

    These are interfaces; `output` is empty for what is for the host itself.
    """

    rule: Rule
    port: int | None
    input: str
    output: str
    to: IPv4Network

    @property
    def hook(self) -> str:
        """The hook that they pass."""
        return "forward" if self.rule.route else "input"


@dataclass(frozen=True, slots=True)
class End:
    """What became of packets, and the rule or chain that decided it."""

    outcome: Outcome
    by: str


class Share(IntEnum):
    """How many of the packets a rule matches."""

    NONE = 0
    SOME = 1
    ALL = 2


def sees_to_its_own(chain: str) -> bool:
    """Whether this is a chain of Kubernetes, its networks, Docker or ufw: each sees to its own packets.

    DOCKER-USER is the admin's (docs.docker.com/engine/network/packet-filtering-firewalls).
    """
    return chain != "DOCKER-USER" and chain.startswith(_KNOWN)


def filters(table: Table) -> bool:
    """Whether somebody wrote rules there; Kubernetes, its networks and Docker only jump to chains of their own."""
    base = [chain for chain in table.chains if chain.hook]
    ruled = (rule for chain in base for rule in chain.rules if rule.verdict and not sees_to_its_own(rule.target))
    return any(chain.policy != "accept" for chain in base) or any(ruled)


def refused(packets: Packets, table: Table) -> End | None:
    """The first base chain that does not surely let them pass; None when all do."""
    for chain in table.hooked(packets.hook):
        end = _walk(packets, chain, table, _DEPTH)
        if end is None:
            end = End("passes" if chain.policy == "accept" else "refused", f"policy of chain {chain.name}")
        if end.outcome != "passes":
            return end
    return None


def _walk(packets: Packets, chain: Chain, table: Table, depth: int) -> End | None:
    """None: the chain's end was reached, or a `return`."""
    for rule in chain.rules:
        if sees_to_its_own(rule.target):
            continue
        share = _share(rule.match, packets)
        if share is Share.NONE:
            continue
        if rule.verdict == "return" and share is Share.ALL:
            return None
        end = _end(rule, packets, table, depth)
        if end is not None and (share is Share.ALL or end.outcome == "unread"):
            return end
        if end is not None and end.outcome == "refused" and rule.match.unread and _may_be_all(rule.match, packets):
            return End("unread", rule.text)
        if rule.verdict == "goto" and share is Share.ALL:
            return None
    return None


def _end(rule: FilterRule, packets: Packets, table: Table, depth: int) -> End | None:
    match rule.verdict:
        case "accept":
            return End("passes", rule.text)
        case "drop":
            return End("refused", rule.text)
        case "jump" | "goto":
            target = table.chain(rule.target)
            return _walk(packets, target, table, depth - 1) if target and depth else None
    return None


def _may_be_all(match: Match, packets: Packets) -> bool:
    """Whether what can be read of the match takes all of the packets."""
    return _read(match, packets) is Share.ALL


def _share(match: Match, packets: Packets) -> Share:
    read = _read(match, packets)
    return min(read, Share.SOME) if match.unread else read


def _read(match: Match, packets: Packets) -> Share:
    """The least share of any of the match's parts; a long list of banned addresses ends at the first."""
    least = Share.ALL
    for share in _shares(match, packets):
        if share is Share.NONE:
            return share
        least = min(least, share)
    return least


def _shares(match: Match, packets: Packets) -> Iterator[Share]:
    rule = packets.rule
    yield Share.ALL if match.protocols is None or rule.protocol in match.protocols else Share.NONE
    yield _ports(match.ports, packets.port)
    yield _networks(match.sources, rule.source)
    yield _networks(match.destinations, packets.to)
    yield _interface(match.inputs, packets.input)
    yield _interface(match.outputs, packets.output)
    yield _states(match.states)
    yield Share.ALL if not match.dnat or _is_rewritten(rule) else Share.NONE


def _ports(asked: tuple[tuple[int, int], ...] | None, port: int | None) -> Share:
    """Packets of every port (None) are meant in part."""
    if asked is None:
        return Share.ALL
    if port is None:
        return Share.SOME
    return Share.ALL if any(low <= port <= high for low, high in asked) else Share.NONE


def _networks(asked: tuple[IPv4Network, ...] | None, packets: IPv4Network) -> Share:
    if asked is None:
        return Share.ALL
    hit = [one for one in asked if packets.overlaps(one)]
    return Share.NONE if not hit else Share.ALL if any(packets.subnet_of(one) for one in hit) else Share.SOME


def _interface(asked: tuple[str, ...] | None, name: str) -> Share:
    return Share.ALL if asked is None or any(is_named(name, one) for one in asked) else Share.NONE


def is_named(name: str, asked: str) -> bool:
    """Whether an interface of this name is meant by a rule that asks for `asked`."""
    return name.startswith(asked[:-1]) if asked.endswith("*") else name == asked


def _states(asked: frozenset[str] | None) -> Share:
    """The first packet of a connection is new; the others are let in by the rule for established ones, or by none."""
    if asked is None or "new" in asked:
        return Share.ALL
    return Share.NONE


def _is_rewritten(rule: Rule) -> bool:
    """Packets from outside to pods are those of NodePorts, whose destination kube-proxy rewrote."""
    return rule.route and rule.destination.prefixlen > 0
