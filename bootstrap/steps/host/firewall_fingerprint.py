"""What a host's firewalls do with packets of nodes and pods, as a text to compare: another text, another verdict.

Handles, counters and the order of sets are left out, and so is what others than an admin write all the time:
chains of Kubernetes, its network and Docker, rules about strangers alone (a list of banned addresses) or about packets
that come in or go out elsewhere (Docker's bridges), and chains that only return (fail2ban's before its first ban).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from bootstrap.facts.network import Interface
from bootstrap.facts.packet_filter import PacketFilter
from bootstrap.facts.packet_rules import Chain, FilterRule, Iptables, Match, Table
from bootstrap.facts.ufw import Ufw
from bootstrap.model.answer import Answer, Known
from bootstrap.steps.host.foreign_firewall import POD_INTERFACES
from bootstrap.steps.host.members import Members
from bootstrap.steps.host.packet_path import is_named, sees_to_its_own


@dataclass(frozen=True, slots=True)
class Cluster:
    """Whose packets count: those of nodes and pods, on these interfaces; empty: on any."""

    members: Members
    interfaces: tuple[str, ...] = ()

    def among(self, asked: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Of the interfaces that a rule asks for those that count."""
        if asked is None or not self.interfaces:
            return asked
        return tuple(name for name in asked if any(is_named(one, name) for one in self.interfaces))


def cluster_of(members: Members, cards: Answer[tuple[Interface, ...]], address: str) -> Cluster:
    """`address`: the host's own as a node. Where no card has it, packets may come in anywhere."""
    own = next((card.name for card in cards.value if card.holds(address)), "") if isinstance(cards, Known) else ""
    return Cluster(members, (own, *POD_INTERFACES) if own else ())


def fingerprint(ufw: Answer[Ufw], filtered: Answer[PacketFilter], cluster: Cluster) -> str:
    """Empty where no firewall is at work. What several rules say is told once."""
    tables = filtered.value.tables if isinstance(filtered, Known) else ()
    told = (f"{table.kind} {table.family} {table.name} {line}" for table in tables for line in _table(table, cluster))
    return "\n".join(dict.fromkeys([*_ufw(ufw, cluster), *told]))


def _ufw(ufw: Answer[Ufw], cluster: Cluster) -> Iterator[str]:
    if isinstance(ufw, Known) and ufw.value.enabled:
        yield f"ufw in {ufw.value.lets_in} routed {ufw.value.routes}"
        yield from (f"ufw {rule!r}" for rule in ufw.value.rules if cluster.members.hold(rule.source))


def _table(table: Table, cluster: Cluster) -> Iterator[str]:
    chains = [
        replace(chain, rules=tuple(_rules(chain, cluster))) for chain in table.chains if not sees_to_its_own(chain.name)
    ]
    idle = {one.name for one in chains if not one.hook and all(rule.verdict == "return" for rule in one.rules)}
    for chain in chains:
        if chain.hook and chain.policy != "accept":
            yield f"{chain.name} {chain.hook} policy {chain.policy}"
        for rule in chain.rules if chain.name not in idle else ():
            if rule.verdict != "jump" or rule.target not in idle:
                # A rule of nftables' has no words of its own but its handle.
                whole = rule.match.unread and table.kind in get_args(Iptables)
                yield rule.text if whole else f"{chain.name} {_words(rule.match)} {rule.verdict} {rule.target}"


def _rules(chain: Chain, cluster: Cluster) -> Iterator[FilterRule]:
    """Rules that decide something about the cluster's packets, as far as they are about those."""
    for rule in chain.rules:
        match = _about(rule.match, cluster)
        if rule.verdict and match and not sees_to_its_own(rule.target):
            yield replace(rule, match=match)


def _about(match: Match, cluster: Cluster) -> Match | None:
    """The match as far as it takes the cluster's packets; None where it takes none of them."""
    sources = cluster.members.among(match.sources)
    inputs, outputs = cluster.among(match.inputs), cluster.among(match.outputs)
    return None if () in {sources, inputs, outputs} else replace(match, sources=sources, inputs=inputs, outputs=outputs)


def _words(match: Match) -> str:
    sets = (match.protocols, match.ports, match.sources, match.destinations, match.inputs, match.outputs, match.states)
    told = (",".join(sorted(map(str, one))) if one is not None else "*" for one in sets)
    return " ".join([*told, str(match.dnat), str(match.unread)])
