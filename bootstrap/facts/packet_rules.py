"""One form for the rules of packet filters: what a rule asks of a packet, and what becomes of one that it matches."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["", "accept", "drop", "jump", "goto", "return"]
# `iptables` is the flavour (nft or legacy) that this command means on the host; the other goes by its own command.
Iptables: TypeAlias = Literal["iptables", "iptables-nft", "iptables-legacy"]
Kind: TypeAlias = Literal["nftables", "firewalld"] | Iptables
# Targets of iptables after which the next rule is asked (iptables-extensions(8), 1.8.9).
GOES_ON = frozenset(
    {
        *("AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "ECN", "HL", "HMARK", "IDLETIMER"),
        *("LED", "LOG", "MARK", "NFLOG", "NOTRACK", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS"),
        *("TRACE", "TTL", "ULOG"),
    }
)


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule asks of a packet; None: nothing in this respect. `unread`: it asks for more, that kboot cannot read.

    `inputs` and `outputs` are names of interfaces, `*` at the end for any of that beginning. `dnat`: of a connection
    whose destination was rewritten, as a NodePort's is.
    """

    protocols: frozenset[str] | None = None
    ports: tuple[tuple[int, int], ...] | None = None
    sources: tuple[IPv4Network, ...] | None = None
    destinations: tuple[IPv4Network, ...] | None = None
    inputs: tuple[str, ...] | None = None
    outputs: tuple[str, ...] | None = None
    states: frozenset[str] | None = None
    dnat: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class FilterRule:
    """A rule; `target` is the chain of a jump or goto, `text` what a person recognises it by."""

    match: Match
    verdict: Verdict
    target: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain. `hook` is input or forward where it is a base chain of the filter, else empty; `policy` is then its.

    So is `priority`; iptables' are at 0.
    """

    name: str
    rules: tuple[FilterRule, ...] = ()
    hook: str = ""
    policy: str = "accept"
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `family name` in nftables, `ip filter` in iptables."""

    kind: Kind
    family: str
    name: str
    chains: tuple[Chain, ...]

    def chain(self, name: str) -> Chain | None:
        """The chain of that name."""
        return next((chain for chain in self.chains if chain.name == name), None)

    def hooked(self, hook: str) -> tuple[Chain, ...]:
        """Base chains of this hook: a packet passes when each of them lets it."""
        return tuple(chain for chain in self.chains if chain.hook == hook)
