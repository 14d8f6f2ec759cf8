"""Which edits of a host's firewalls are news for its pods."""

from ipaddress import IPv4Network

import pytest

from bootstrap.facts.packet_filter import PACKET_FILTER
from bootstrap.facts.ufw import UFW
from bootstrap.model.answer import Absent
from bootstrap.model.fact import Output
from bootstrap.steps.host.firewall_fingerprint import fingerprint

CLUSTER = (IPv4Network("10.77.0.11/32"), IPv4Network("10.77.0.12/32"), IPv4Network("10.244.0.0/16"))
OPEN = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
NFT = (
    '{"nftables": [{"table": {"family": "inet", "name": "t"}}, {"chain": {"family": "inet", "table": "t", "name": "in",'
    ' "type": "filter", "hook": "input", "policy": "accept"}}, {"rule": {"family": "inet", "table": "t", "chain": "in",'
    ' "handle": HANDLE, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}},'
    ' "right": PORT}}, {"counter": {"packets": HANDLE, "bytes": 1}}, {"drop": null}]}}]}'
)


def filtered(*rules: str, kind: str = "iptables", head: str = OPEN) -> str:
    text = f"# kboot:{kind}\n{head}" + "".join(f"{rule}\n" for rule in rules)
    return fingerprint(Absent("none"), PACKET_FILTER.read(Output(0, text)), CLUSTER)


def nft(handle: int, port: int) -> str:
    text = NFT.replace("HANDLE", str(handle)).replace("PORT", str(port))
    return fingerprint(Absent("none"), PACKET_FILTER.read(Output(0, f"# kboot:nft\n{text}\n")), CLUSTER)


def ufw(told: str) -> str:
    return fingerprint(UFW.read(Output(0, told)), Absent("none"), CLUSTER)


@pytest.mark.parametrize(
    "rule",
    [
        "-A INPUT -s 10.77.0.11/32 -p udp -m udp --dport 8472 -j DROP",
        "-A INPUT -p udp -j DROP",
        "-A FORWARD -s 10.244.0.0/16 -j REJECT --reject-with icmp-host-prohibited",
        "-A INPUT -s 10.0.0.0/8 -j DROP",
        "-A INPUT -m something --new -j DROP",
    ],
)
@pytest.mark.parametrize("kind", ["iptables", "iptables-legacy"])
def test_a_rule_about_nodes_or_pods_is_news(rule: str, kind: str) -> None:
    assert filtered(rule, kind=kind) != filtered(kind=kind)


def test_a_policy_is_news() -> None:
    assert filtered(head=OPEN.replace("FORWARD ACCEPT", "FORWARD DROP")) != filtered()


@pytest.mark.parametrize(
    "rules",
    [
        (":f2b-all - [0:0]", "-A f2b-all -s 203.0.113.9/32 -j REJECT --reject-with icmp-port-unreachable"),
        (":KUBE-FORWARD - [0:0]", "-A FORWARD -j KUBE-FORWARD", "-A KUBE-FORWARD -m mark --mark 0x4000 -j ACCEPT"),
        (":FLANNEL-FWD - [0:0]", "-A FORWARD -j FLANNEL-FWD", "-A FLANNEL-FWD -s 10.244.0.0/16 -j ACCEPT"),
        ("-A INPUT -j LOG --log-prefix seen",),
        ("COMMIT", "# Completed on another day"),
    ],
)
def test_what_comes_and_goes_by_itself_is_none(rules: tuple[str, ...]) -> None:
    assert filtered(*rules) == filtered() == ""


def test_counters_and_handles_are_none() -> None:
    assert nft(4, 8472) == nft(9, 8472) != nft(4, 8473)


def test_ufw_counts_while_it_is_on() -> None:
    rule = "allow udp 8472 0.0.0.0/0 any 10.77.0.11 in\n"
    assert ufw(f"ENABLED=no\n{rule}") == ufw("ENABLED=no\n") == ""
    assert ufw(f"ENABLED=yes\n{rule}") != ufw("ENABLED=yes\n")
    assert ufw('ENABLED=yes\nDEFAULT_INPUT_POLICY="ACCEPT"\n') != ufw("ENABLED=yes\n")
