"""ufw's rules by their source: a host has two for each node; on 300 hosts each with each took minutes."""

from collections.abc import Iterable, Iterator
from heapq import merge
from ipaddress import IPv4Network

from bootstrap.facts.ufw import Rule


class RulesBySource:
    """Rules in their order, found by what they cover."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._of_networks: list[tuple[int, Rule]] = []
        self._of_address: dict[IPv4Network, list[tuple[int, Rule]]] = {}
        for at, rule in enumerate(rules):
            alone = rule.source.prefixlen == rule.source.max_prefixlen
            (self._of_address.setdefault(rule.source, []) if alone else self._of_networks).append((at, rule))

    def covering(self, rule: Rule) -> Iterator[Rule]:
        """Those that match every packet of this one, in their order."""
        near = merge(self._of_address.get(rule.source, ()), self._of_networks)  # places differ: no rule is compared
        return (one for _, one in near if one.covers(rule))
