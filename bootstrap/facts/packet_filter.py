"""What filters the host's packets, as the kernel has it: nftables' own tables and iptables' filter, in one form."""

from dataclasses import dataclass

from bootstrap.facts.iptables_save import iptables_table
from bootstrap.facts.nft_json import nft_tables
from bootstrap.facts.packet_rules import Table
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output

_MARK = "# kboot:"


@dataclass(frozen=True, slots=True)
class PacketFilter:
    """Tables with a chain that a packet for the host, or through it, has to pass."""

    tables: tuple[Table, ...]


def _packet_filter(out: Output) -> Answer[PacketFilter]:
    parts = dict(part.partition("\n")[::2] for part in out.stdout.split(_MARK) if part.strip())
    saved = parts.get("iptables", "")
    tables = [*nft_tables(parts.get("nft", ""), without_iptables=bool(saved.strip()))]
    if saved.strip():
        tables.append(iptables_table(saved))
    return Known(PacketFilter(tuple(table for table in tables if table.chains)))


# kube-proxy's and flannel's own tables hold thousands of rules and filter nothing of the host's; iptables' other tables
# (nat, mangle, raw, security) filter nothing either. iptables-save only lists (iptables-save(8)).
PACKET_FILTER: Fact[PacketFilter] = Fact(
    "packet-filter",
    "if command -v iptables-save >/dev/null; then "
    f"echo '{_MARK}iptables'; iptables-save -t filter 2>/dev/null; fi; "
    f"if command -v nft >/dev/null; then echo '{_MARK}nft'; nft list tables 2>/dev/null | "
    "while read -r _ family name; do case $family/$name in "
    "*/kube-proxy|*/flannel*|*/nat|*/mangle|*/raw|*/security|arp/*|bridge/*|netdev/*|ip6/*) ;; "
    '*) nft -j list table "$family" "$name" ;; esac; done; fi; true',
    _packet_filter,
)
