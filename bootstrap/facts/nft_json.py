"""nftables' tables from `nft -j list table` (libnftables-json(5)), one JSON document a line, as rules."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from typing import Any, TypeAlias

from bootstrap.facts.packet_rules import GOES_ON, Chain, FilterRule, Kind, Match, Table, Verdict

Json: TypeAlias = dict[str, Any]
# Their numbers, where the host has no /etc/protocols (IANA).
_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp"}
# Fields that IPv6's packets alone have, and so none of ours, whatever is asked of them.
_OF_IPV6 = ("ip6 ", "icmpv6 ")
_HOOKS = frozenset({"input", "forward"})
_ASIDE = frozenset({"counter", "log", "comment", "notrack", "mangle"})
# What narrows a rule, or does something beside, and refuses nothing; any other word that is not known may.
_HARMLESS = frozenset({"limit", "quota", "ct count", "set", "map", "meter", "flow", "dup", "last", "ct helper"})
_VERDICTS: dict[str, Verdict] = {
    "accept": "accept",
    "drop": "drop",
    "reject": "drop",
    "return": "return",
    "jump": "jump",
    "goto": "goto",
    "continue": "",
}


def nft_tables(text: str, saved: Table | None = None) -> Iterator[Table]:
    """All tables, each in a document of its own; `saved`: the one that iptables has its chains in, in its words."""
    for line in text.splitlines():
        if line.startswith("{"):
            objects = json.loads(line)["nftables"]
            yield _table(next(one["table"] for one in objects if "table" in one), objects, saved)


def _table(table: Json, objects: list[Json], saved: Table | None) -> Table:
    sets = {one["set"]["name"]: one["set"].get("elem", []) for one in objects if "set" in one}
    saved = saved if saved and (saved.family, saved.name) == (table["family"], table["name"]) else None
    rules: dict[str, list[Json]] = {}
    for one in objects:
        if "rule" in one:
            rules.setdefault(one["rule"]["chain"], []).append(one["rule"])
    chains = tuple(
        Chain(
            chain["name"],
            tuple(_chain_rules(rules.get(chain["name"], []), sets, saved.chain(chain["name"]) if saved else None)),
            chain["hook"] if chain.get("hook") in _HOOKS and chain.get("type") == "filter" else "",
            chain.get("policy", "accept"),
            chain.get("prio", 0),
        )
        for chain in (one["chain"] for one in objects if "chain" in one)
    )
    kind: Kind = "firewalld" if table["name"] == "firewalld" else "nftables"
    return Table(kind, table["family"], table["name"], chains)


def _chain_rules(rules: list[Json], sets: Mapping[str, Any], saved: Chain | None) -> Iterator[FilterRule]:
    """Of a match of iptables' nft says `xt` and no more: such a rule is told in iptables' words.

    These are of the same rules where there are as many.
    """
    words = saved.rules if saved and len(saved.rules) == len(rules) else (None,) * len(rules)
    for rule, told in zip(rules, words, strict=True):
        if told and any("xt" in expression for expression in rule.get("expr", ())):
            yield told
        else:
            yield from _rules(rule, sets)


def _rules(rule: Json, sets: Mapping[str, Any]) -> Iterator[FilterRule]:
    """A rule, named as `nft -a list` names it; one with a verdict map is a rule for each entry of the map.

    Where no verdict stands in it but a word that is not known, that word may be the refusal.
    """
    match, text, may_refuse = Match(), f"rule {rule['handle']} of chain {rule['chain']}", False
    for expression in rule.get("expr", ()):
        ((word, value),) = expression.items()
        if word == "match":
            match = _narrowed(match, value, sets)
        elif word in _VERDICTS:
            yield FilterRule(match, _VERDICTS[word], _target(value), text)
            return
        elif word == "vmap":
            yield from _mapped(match, value, sets, text)
            return
        elif word not in _ASIDE:
            match = replace(match, unread=True)
            may_refuse |= word not in _HARMLESS and not _goes_on(word, value)
    if may_refuse:
        yield FilterRule(match, "drop", text=text)


def _goes_on(word: str, value: Any) -> bool:
    """A match or harmless target of iptables', told by nft instead of iptables-save; nft 1.0.2 says null of both."""
    return word == "xt" and isinstance(value, dict) and (value.get("type") == "match" or value.get("name") in GOES_ON)


def _target(value: Any) -> str:
    return str(value["target"]) if isinstance(value, dict) and "target" in value else ""


def _mapped(match: Match, value: Json, sets: Mapping[str, Any], text: str) -> Iterator[FilterRule]:
    """A named map may say anything, so it is a refusal that cannot be read; and so is a verdict that is not known."""
    if not isinstance(value["data"], dict):
        yield FilterRule(replace(match, unread=True), "drop", text=text)
        return
    for key, outcome in value["data"]["set"]:
        ((word, target),) = outcome.items()
        narrowed = _narrowed(match, {"op": "==", "left": value["key"], "right": key}, sets)
        known = word in _VERDICTS
        narrowed = narrowed if known else replace(narrowed, unread=True)
        yield FilterRule(narrowed, _VERDICTS[word] if known else "drop", _target(target), text)


def _narrowed(match: Match, asked: Json, sets: Mapping[str, Any]) -> Match:
    """`match` with one more condition; what is not understood makes it unread, a `!=` as well."""
    try:
        field = _field(asked["left"])
        if field.startswith(_OF_IPV6):
            return _of(match)
        if asked["op"] in {"==", "in"}:
            return _with(match, field, list(_values(asked["right"], sets)))
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return replace(match, unread=True)


def _field(left: Json) -> str:
    """`tcp dport`, `ip saddr`, `meta iifname`, `ct state`, ..."""
    ((word, value),) = left.items()
    if word == "payload":
        return f"{value['protocol']} {value['field']}"
    return f"{word} {value['key']}"


def _with(match: Match, field: str, values: list[Any]) -> Match:
    kind, _, name = field.partition(" ")
    words = frozenset(map(str, values))
    asked: Match | None = None
    match kind, name:
        case "tcp" | "udp", "dport":
            asked = replace(_of(match, kind), ports=tuple(map(_range, values)))
        case "th", "dport":
            asked = replace(match, ports=tuple(map(_range, values)))
        case "ip", "saddr":
            asked = replace(match, sources=tuple(_networks(values)))
        case "ip", "daddr":
            asked = replace(match, destinations=tuple(_networks(values)))
        case ("meta", "l4proto") | ("ip", "protocol"):
            asked = _of(match, *(_PROTOCOLS.get(word, word) for word in words))
        case "meta", "iifname" | "iif" | "oifname" | "oif":
            names = tuple(map(str, values))
            asked = replace(match, inputs=names) if name.startswith("i") else replace(match, outputs=names)
        case "ct", "state":
            asked = replace(match, states=words)
        case "ct", "status" if words == {"dnat"}:
            asked = replace(match, dnat=True)
        case "meta", "nfproto" | "protocol":
            asked = match if words & {"ipv4", "ip"} else _of(match)
        case "icmp", _:
            asked = _of(match, "icmp")
    if asked is None:
        raise ValueError(field)
    return asked


def _of(match: Match, *protocols: str) -> Match:
    """Of these protocols alone; one that an earlier condition left out (IPv6 all of them) stays out."""
    asked = frozenset(protocols)
    return replace(match, protocols=asked if match.protocols is None else asked & match.protocols)


def _values(right: Any, sets: Mapping[str, Any]) -> Iterator[Any]:
    """Each value of a set, anonymous or named; an element with a timeout or a counter stands in `elem`."""
    if isinstance(right, str) and right.startswith("@"):
        right = {"set": sets[right[1:]]}
    if isinstance(right, list):
        right = {"set": right}
    if isinstance(right, dict) and "set" in right:
        for one in right["set"]:
            yield one["elem"]["val"] if isinstance(one, dict) and "elem" in one else one
    else:
        yield right


def _range(value: Any) -> tuple[int, int]:
    low, high = value["range"] if isinstance(value, dict) else (value, value)
    return int(low), int(high)


def _networks(values: list[Any]) -> Iterator[IPv4Network]:
    for value in values:
        if isinstance(value, dict) and "range" in value:
            yield from summarize_address_range(*map(IPv4Address, value["range"]))
        elif isinstance(value, dict):
            yield IPv4Network(f"{value['prefix']['addr']}/{value['prefix']['len']}")
        else:
            yield IPv4Network(value)
