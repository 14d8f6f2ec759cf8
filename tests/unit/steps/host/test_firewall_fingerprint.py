"""Which edits of a host's firewalls are news for its pods."""

from ipaddress import IPv4Network

import pytest

from bootstrap.facts.network import Interface
from bootstrap.facts.packet_filter import PACKET_FILTER
from bootstrap.facts.ufw import UFW
from bootstrap.model.answer import Absent, Known
from bootstrap.model.fact import Output
from bootstrap.steps.host.firewall_fingerprint import cluster_of, fingerprint
from bootstrap.steps.host.members import Members

NODES = frozenset({IPv4Network("10.77.0.11/32"), IPv4Network("10.77.0.12/32")})
MEMBERS = Members(NODES, (IPv4Network("10.244.0.0/16"),))
CARDS = Known((Interface("lo", "", ("127.0.0.1/8",)), Interface("eth1", "52:54:00:00:00:12", ("10.77.0.12/24",))))
CLUSTER = cluster_of(MEMBERS, CARDS, "10.77.0.12")
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
        "-A FORWARD -i cni0 -j DROP",
        "-A FORWARD -o eth+ -j REJECT\n-A FORWARD -o cni0 -j REJECT",
        "-A INPUT -i eth+ -p udp -j DROP",
        ":f2b-all - [0:0]\n-A INPUT -s 10.77.0.11/32 -j f2b-all\n-A f2b-all -j DROP",
        ":DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -s 10.244.0.0/16 -j DROP",
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
        (":f2b-sshd - [0:0]", "-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd", "-A f2b-sshd -j RETURN"),
        (":DOCKER-USER - [0:0]", "-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -j RETURN"),
        ("-A FORWARD -o virbr0 -j REJECT", "-A FORWARD -o br-2f6d1a -j ACCEPT"),
        ("-A FORWARD -i br-2f6d1a -j ACCEPT", "-A FORWARD -i br-2f6d1a ! -o br-2f6d1a -j ACCEPT"),
        ("-A INPUT -j LOG --log-prefix seen",),
        ("COMMIT", "# Completed on another day"),
    ],
)
def test_what_comes_and_goes_by_itself_is_none(rules: tuple[str, ...]) -> None:
    assert filtered(*rules) == filtered() == ""


def test_a_second_network_of_dockers_is_none() -> None:
    def of(bridge: str) -> tuple[str, ...]:
        return (
            f"-A FORWARD -o {bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            f"-A FORWARD -o {bridge} -j DOCKER",
            f"-A FORWARD -i {bridge} ! -o {bridge} -j ACCEPT",
            f"-A FORWARD -i {bridge} -o {bridge} -j ACCEPT",
        )

    assert filtered(*of("br-2f6d1a"), *of("docker0")) == filtered(*of("docker0"))


def test_where_no_card_is_the_nodes_packets_may_come_in_anywhere() -> None:
    anywhere = cluster_of(MEMBERS, Absent("none"), "")
    assert cluster_of(MEMBERS, CARDS, "10.77.0.99") == anywhere != CLUSTER
    text = f"# kboot:iptables\n{OPEN}-A INPUT -i eth0 -j DROP\n"
    assert fingerprint(Absent("none"), PACKET_FILTER.read(Output(0, text)), anywhere)


def test_counters_and_handles_are_none() -> None:
    assert nft(4, 8472) == nft(9, 8472) != nft(4, 8473)


def test_ufw_counts_while_it_is_on() -> None:
    rule = "allow udp 8472 0.0.0.0/0 any 10.77.0.11 in\n"
    assert ufw(f"ENABLED=no\n{rule}") == ufw("ENABLED=no\n") == ""
    assert ufw(f"ENABLED=yes\n{rule}") != ufw("ENABLED=yes\n")
    assert ufw('ENABLED=yes\nDEFAULT_INPUT_POLICY="ACCEPT"\n') != ufw("ENABLED=yes\n")
    assert ufw(f"ENABLED=yes\ndeny any any 0.0.0.0/0 any 203.0.113.9/32 in\n{rule}") == ufw(f"ENABLED=yes\n{rule}")


def test_another_way_out_is_news() -> None:
    assert filtered("-A FORWARD -o eth1 -j DROP") != filtered(
        "-A FORWARD -o eth1 -j DROP", "-A FORWARD -o cni0 -j DROP"
    )


def test_a_second_rule_that_cannot_be_read_is_news() -> None:
    one = "-A INPUT -m recent --name one --rcheck -j DROP"
    assert filtered(one) != filtered(one, one.replace("one", "two"))
