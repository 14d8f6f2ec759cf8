"""iptables-save's filter table as rules (iptables(8), iptables-extensions(8))."""

import shlex
from collections.abc import Container, Iterator
from dataclasses import replace
from ipaddress import IPv4Network

from bootstrap.facts.packet_rules import GOES_ON, Chain, FilterRule, Iptables, Match, Table, Verdict

_HOOKS = {"INPUT": "input", "FORWARD": "forward"}
_FINAL: dict[str, Verdict] = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "drop", "RETURN": "return"}
# Words whose value says nothing about which packets are meant; that of the first ones may begin with any sign.
_TEXTS = frozenset({"--comment", "--log-prefix", "--nflog-prefix"})
_ASIDE = frozenset({"-m", "--match", "--reject-with", "--log-level", *_TEXTS})


def iptables_table(saved: str, kind: Iptables = "iptables") -> Table:
    """The table that this flavour's iptables-save printed; without a chain where it printed none."""
    policies: dict[str, str] = {}
    rules: dict[str, list[FilterRule]] = {}
    for line in saved.splitlines():
        if line.startswith(":"):
            name, policy, *_ = line[1:].split()
            policies[name], rules[name] = policy, []
        elif line.startswith("-A "):
            _, name, words = line.split(" ", 2)
            rules[name].append(_rule(words, line, policies))
    return Table(
        kind,
        "ip",
        "filter",
        tuple(
            Chain(name, tuple(found), _HOOKS.get(name, ""), _FINAL.get(policies[name], "accept"))
            for name, found in rules.items()
        ),
    )


def _rule(words: str, line: str, chains: Container[str]) -> FilterRule:
    """A target that is neither a chain nor known (NFQUEUE, say) is a refusal that cannot be read."""
    match, target = Match(), ""
    verdict: Verdict = ""
    for option, value, negated in _options(shlex.split(words)):
        if option in {"-j", "-g"} and value in chains:
            target, verdict = value, "jump" if option == "-j" else "goto"
        elif option == "-j":
            verdict = "" if value in GOES_ON else _FINAL.get(value, "drop")
            match = match if value in GOES_ON or value in _FINAL else replace(match, unread=True)
        elif option not in _ASIDE:
            match = replace(match, unread=True) if negated else _narrowed(match, option, value)
    return FilterRule(match, verdict, target, line)


def _options(words: list[str]) -> Iterator[tuple[str, str, bool]]:
    """(option, its values, whether a `!` stands before it); some options have no value."""
    at = 0
    while at < len(words):
        negated = words[at] == "!"
        at += negated
        option, at = words[at], at + 1
        values = words[at : at + 1] if option in _TEXTS else []  # whatever that text begins with
        at += len(values)
        while at < len(words) and not words[at].startswith("-") and words[at] != "!":
            values.append(words[at])
            at += 1
        yield option, " ".join(values), negated


def _narrowed(match: Match, option: str, value: str) -> Match:
    """`match` with one more condition; what is not understood makes it unread."""
    asked = replace(match, unread=True)
    try:
        match option:
            case "-s":
                asked = replace(match, sources=(IPv4Network(value, strict=False),))
            case "-d":
                asked = replace(match, destinations=(IPv4Network(value, strict=False),))
            case "-p":
                asked = match if value == "all" else replace(match, protocols=frozenset({value}))
            case "-i":
                asked = replace(match, inputs=(value.replace("+", "*"),))
            case "-o":
                asked = replace(match, outputs=(value.replace("+", "*"),))
            case "--dport" | "--dports":
                asked = replace(match, ports=tuple(_range(one) for one in value.split(",")))
            case "--ctstate" | "--state":
                asked = _of_states(match, frozenset(value.lower().split(",")))
    except ValueError:
        return asked
    return asked


def _of_states(match: Match, states: frozenset[str]) -> Match:
    if states == {"dnat"}:
        return replace(match, dnat=True)
    return replace(match, states=states - {"dnat", "snat"})


def _range(ports: str) -> tuple[int, int]:
    low, _, high = ports.partition(":")
    return int(low), int(high or low)
