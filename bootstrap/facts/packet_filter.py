"""What filters the host's packets, as the kernel has it: nftables' own tables and iptables' filter, in one form."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from bootstrap.facts.iptables_save import iptables_table
from bootstrap.facts.nft_json import nft_tables
from bootstrap.facts.packet_rules import Iptables, Table
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output

_MARK = "# kboot:"


@dataclass(frozen=True, slots=True)
class PacketFilter:
    """Tables with a chain that a packet for the host, or through it, has to pass."""

    tables: tuple[Table, ...]


def _packet_filter(out: Output) -> Answer[PacketFilter]:
    parts = dict(part.partition("\n")[::2] for part in out.stdout.split(_MARK) if part.strip())
    saved = {kind: iptables_table(parts[kind], kind) for kind in get_args(Iptables) if kind in parts}
    # Where the host's own flavour is the legacy one, nft's goes by its own name.
    flavour: Iptables = "iptables-nft" if "iptables-nft" in saved else "iptables"
    tables: list[Table] = []
    for table in nft_tables(parts.get("nft", ""), saved.get(flavour)):
        known = saved.pop(flavour, None) if (table.family, table.name) == ("ip", "filter") else None
        tables += _parted(table, known) if known else [table]
    return Known(PacketFilter(tuple(table for table in (*tables, *saved.values()) if table.chains)))


def _parted(table: Table, saved: Table) -> Iterator[Table]:
    """What of nft's table a chain of iptables' leads to, and what a base chain of nft's own beside those.

    In the place of one that is nft's in truth, for its hook or priority is another, iptables-save shows one that lets
    all pass (iptables/nft-cache.c, 1.8.9).
    """
    own = {(chain.name, chain.hook, chain.priority) for chain in saved.chains}
    for kind, of_iptables in ((saved.kind, True), (table.kind, False)):
        chains = tuple(
            one if ((one.name, one.hook, one.priority) in own) is of_iptables else replace(one, hook="")
            for one in table.chains
        )
        if any(chain.hook for chain in chains):
            yield replace(table, kind=kind, chains=chains)


# Both flavours of iptables filter at once where both have a table (iptables(8); xtables-nft(8), "iptables-legacy");
# looking at a legacy one that the kernel does not have would load it, so /proc says first whether it is there.
_IPTABLES = f"""\
saved() {{ echo '{_MARK}'"$1"; "$2" -t filter 2>/dev/null; }}
if program=$(command -v iptables-save); then
    nft=iptables legacy=iptables-legacy
    case $(readlink -f "$program") in */xtables-legacy-multi) nft=iptables-nft legacy=iptables ;; esac
    while read -r table; do
        [ "$table" != filter ] || saved $legacy iptables-legacy-save
    done 2>/dev/null </proc/net/ip_tables_names
    if command -v iptables-nft-save >/dev/null; then program=iptables-nft-save; fi
    saved $nft "$program"
fi
"""
# kube-proxy's and flannel's own tables hold thousands of rules and filter nothing of the host's; iptables' other tables
# (nat, mangle, raw, security) filter nothing either. Tables of ip6 see no packet that the cluster needs: its nodes,
# pods and services have IPv4 addresses, and so has VXLAN between them; those of inet see IPv4's too. iptables' own is
# asked for as well: iptables-save (1.8.9) prints a rule that nft wrote there without its sets, as one for all packets.
# An nft for each: Debian 12's (1.0.6), asked for two at once, says that there is no such table.
_NFT = f"""\
command -v nft >/dev/null || exit 0
echo '{_MARK}nft'
nft list tables 2>/dev/null | while read -r _ family name; do case $family/$name in
    */kube-proxy|*/flannel*|*/nat|*/mangle|*/raw|*/security|arp/*|bridge/*|netdev/*|ip6/*) ;;
    *) nft -j list table "$family" "$name" || exit ;;
esac; done
"""
PACKET_FILTER: Fact[PacketFilter] = Fact("packet-filter", _IPTABLES + _NFT, _packet_filter)
