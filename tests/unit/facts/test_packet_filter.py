"""Which tables the host is asked for, by programs that answer as Debian's do."""

import os
import subprocess
from pathlib import Path

import pytest

from bootstrap.facts.packet_filter import PACKET_FILTER
from bootstrap.facts.packet_rules import Table
from bootstrap.model.answer import Known
from bootstrap.model.fact import Output
from tests.unit.programs import put

FILTER = "*filter\n:INPUT DROP [0:0]\nCOMMIT"
# As 1.8.9 says it of a table that nft wrote.
INCOMPATIBLE = f"# Table `filter' contains incompatible base-chains, use 'nft' tool to list them.\n{FILTER}"
NFT = """\
[ "$1" != list ] || { [ -z "$TABLES" ] || echo "$TABLES"; exit 0; }
echo "$4 $5" >>"$ASKED"
printf '{"nftables": [{"table": {"family": "%s", "name": "%s"}}, {"chain": {"family": "%s", "table": "%s", \
"name": "c", "type": "filter", "hook": "input", "policy": "drop"}}]}\\n' "$4" "$5" "$4" "$5"
"""


def told(tmp_path: Path, default: str, saved: tuple[str, str], tables: str = "", names: str = "") -> list[str]:
    """Kind, family and name of what was read. `saved`: what the nft and the legacy flavour print; `names`: what /proc
    says of the legacy one's tables."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for flavour, says in zip(("nft", "legacy"), saved, strict=True):
        put(programs, f"xtables-{flavour}-multi", f"cat <<'.'\n{says}\n.")
        (programs / f"iptables-{flavour}-save").symlink_to(programs / f"xtables-{flavour}-multi")
    (programs / "iptables-save").symlink_to(programs / f"xtables-{default}-multi")
    put(programs, "nft", NFT)
    (tmp_path / "names").write_text(names)
    script = PACKET_FILTER.script.replace("/proc/net/ip_tables_names", str(tmp_path / "names"))
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "TABLES": tables, "ASKED": str(tmp_path / "asked")}
    said = subprocess.run(["sh", "-c", script], text=True, capture_output=True, check=True, env=env)
    answer = PACKET_FILTER.read(Output(0, said.stdout))
    assert isinstance(answer, Known), answer
    return [f"{one.kind} {one.family} {one.name}" for one in answer.value.tables]


def test_a_table_that_iptables_alone_has_is_read_once(tmp_path: Path) -> None:
    assert told(tmp_path, "nft", (FILTER, ""), "table ip nat") == ["iptables ip filter"]
    assert not (tmp_path / "asked").exists()


def test_a_legacy_filter_beside_it_is_read_too(tmp_path: Path) -> None:
    found = told(tmp_path, "nft", (FILTER, FILTER), "", "nat\nfilter\n")
    assert found == ["iptables ip filter", "iptables-legacy ip filter"]


def test_a_legacy_table_that_is_not_there_is_not_loaded(tmp_path: Path) -> None:
    assert told(tmp_path, "legacy", ("", FILTER)) == []


def test_the_hosts_own_flavour_may_be_the_legacy_one(tmp_path: Path) -> None:
    found = told(tmp_path, "legacy", (FILTER, FILTER), "", "filter\n")
    assert found == ["iptables ip filter", "iptables-nft ip filter"]


def test_what_iptables_has_no_words_for_nft_tells(tmp_path: Path) -> None:
    """It lists no INPUT: the one that iptables-save prints is made up."""
    assert told(tmp_path, "nft", (INCOMPATIBLE, ""), "table ip filter") == ["nftables ip filter"]


def test_what_filters_nothing_of_ours_is_not_asked_for(tmp_path: Path) -> None:
    tables = "table inet filter\ntable ip6 filter\ntable ip kube-proxy\ntable inet firewalld\ntable ip nat"
    assert told(tmp_path, "nft", ("", ""), tables) == ["nftables inet filter", "firewalld inet firewalld"]
    assert (tmp_path / "asked").read_text().splitlines() == ["inet filter", "inet firewalld"]


INCOMPATIBLE_ALL = "# Table `filter' is incompatible, use 'nft' tool."


@pytest.mark.parametrize(
    ("saved", "priority", "kinds"),
    [
        (FILTER, 0, ["iptables"]),
        # Another priority is no chain of iptables': what stands in its place is made up.
        (FILTER, 10, ["nftables"]),
        (INCOMPATIBLE_ALL, 0, ["nftables"]),
    ],
)
def test_a_chain_is_told_once_as_whose_it_is(saved: str, priority: int, kinds: list[str]) -> None:
    assert [table.kind for table in both(saved, priority)] == kinds


def test_rules_of_nfts_among_iptables_are_told_by_nft_and_its_matches_by_iptables() -> None:
    """Of the sets in the first one iptables-save (1.8.9) says nothing; of multiport in the second one nft."""
    saved = [
        "*filter\n:INPUT DROP [0:0]",
        "-A INPUT -p tcp -j ACCEPT",
        "-A INPUT -p tcp -m multiport --dports 4443,10250 -j ACCEPT\nCOMMIT",
    ]
    dport = '{"payload": {"protocol": "tcp", "field": "dport"}}'
    rules = (
        f'{{"match": {{"op": "==", "left": {dport}, "right": {{"set": [22, 80]}}}}}}, {{"accept": null}}',
        '{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": "tcp"}}, {"xt": null}, {"accept": null}',
    )
    (table,) = both("\n".join(saved), 0, *rules)
    (chain,) = table.chains
    assert [rule.match.ports for rule in chain.rules] == [((22, 22), (80, 80)), ((4443, 4443), (10250, 10250))]
    (table,) = both("\n".join(saved[:2]), 0, *rules)
    assert [rule.match.unread for rule in table.chains[0].rules] == [False, True], "whose words are whose is not known"


def both(saved: str, priority: int, *rules: str) -> tuple[Table, ...]:
    """What is read where iptables-save and nft both tell of table ip filter, with one chain INPUT."""
    chain = f'"name": "INPUT", "type": "filter", "hook": "input", "prio": {priority}, "policy": "drop"'
    objects = ['{"table": {"family": "ip", "name": "filter"}}', f'{{"chain": {{{chain}}}}}']
    objects += [f'{{"rule": {{"chain": "INPUT", "handle": 4, "expr": [{rule}]}}}}' for rule in rules]
    told = f'{{"nftables": [{", ".join(objects)}]}}'
    answer = PACKET_FILTER.read(Output(0, f"# kboot:iptables\n{saved}\n# kboot:nft\n{told}\n"))
    assert isinstance(answer, Known), answer
    return answer.value.tables
