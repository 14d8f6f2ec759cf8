"""What a host's firewalls do with packets of nodes and pods, as a text to compare: another text, another verdict.

Handles, counters, comments and the order of sets are left out, and so is what others than an admin write all the time:
chains of Kubernetes, its network and Docker, and rules about strangers alone (a list of banned addresses).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Network

from bootstrap.facts.packet_filter import PacketFilter
from bootstrap.facts.packet_rules import Chain, Match
from bootstrap.facts.ufw import Ufw
from bootstrap.model.answer import Answer, Known
from bootstrap.steps.host.packet_path import sees_to_its_own


def fingerprint(ufw: Answer[Ufw], filtered: Answer[PacketFilter], cluster: Iterable[IPv4Network]) -> str:
    """`cluster`: the networks of nodes and pods. Empty where no firewall is at work."""
    networks = tuple(cluster)
    tables = filtered.value.tables if isinstance(filtered, Known) else ()
    told = [
        f"{table.kind} {table.family} {table.name} {chain.name} {words}"
        for table in tables
        for chain in table.chains
        if not sees_to_its_own(chain.name)
        for words in _chain(chain, networks)
    ]
    return "\n".join([*_ufw(ufw), *told])


def _ufw(ufw: Answer[Ufw]) -> Iterator[str]:
    if isinstance(ufw, Known) and ufw.value.enabled:
        yield f"ufw in {ufw.value.lets_in} routed {ufw.value.routes}"
        yield from (f"ufw {rule!r}" for rule in ufw.value.rules)


def _chain(chain: Chain, cluster: tuple[IPv4Network, ...]) -> Iterator[str]:
    if chain.hook and chain.policy != "accept":
        yield f"{chain.hook} policy {chain.policy}"
    for rule in chain.rules:
        match = _about(rule.match, cluster)
        if rule.verdict and match and not sees_to_its_own(rule.target):
            yield f"{_words(match)} {rule.verdict} {rule.target}"


def _about(match: Match, cluster: tuple[IPv4Network, ...]) -> Match | None:
    """The match as far as its sources are the cluster's; None where none of them is."""
    if match.sources is None:
        return match
    sources = tuple(source for source in match.sources if any(source.overlaps(one) for one in cluster))
    return replace(match, sources=sources) if sources else None


def _words(match: Match) -> str:
    sets = (match.protocols, match.ports, match.sources, match.destinations, match.inputs, match.states)
    told = (",".join(sorted(map(str, one))) if one is not None else "*" for one in sets)
    return " ".join([*told, str(match.dnat), str(match.unread)])
