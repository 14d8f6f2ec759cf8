"""Where packets end in a filter's chains: only what surely passes counts as passing."""

from ipaddress import IPv4Network

import pytest

from bootstrap.facts.iptables_save import iptables_table
from bootstrap.facts.nft_json import nft_tables
from bootstrap.facts.ufw import ANYWHERE, Rule
from bootstrap.steps.host.packet_path import End, Packets, refused

NODE = IPv4Network("10.77.0.11/32")
HERE = IPv4Network("10.77.0.12/32")
PODS = IPv4Network("10.244.0.0/16")
KUBELET = Packets(Rule("allow", "tcp", "10250", NODE), 10250, "eth1", "", HERE)
VXLAN = Packets(Rule("allow", "udp", "8472", NODE), 8472, "eth1", "", HERE)
FORWARDED = Packets(Rule("allow", "tcp", "any", PODS, route=True), None, "cni0", "eth1", ANYWHERE)
NODE_PORT = Packets(Rule("allow", "tcp", "any", ANYWHERE, PODS, route=True), None, "eth1", "cni0", PODS)


def ends(packets: Packets, *rules: str, policy: str = "DROP") -> str:
    """The outcome in an iptables filter with these rules."""
    chains = [f":{chain} {policy} [0:0]" for chain in ("INPUT", "FORWARD")]
    lines = [*chains, *(f":{chain} - [0:0]" for chain in ("MINE", "DOCKER", "DOCKER-USER")), *rules]
    end = refused(packets, iptables_table("\n".join(["*filter", *lines, "COMMIT"])))
    return "passes" if end is None else end.outcome


@pytest.mark.parametrize(
    "rule",
    [
        "-A INPUT -j ACCEPT",
        "-A INPUT -p tcp -m tcp --dport 10250 -j ACCEPT",
        "-A INPUT -p tcp -m multiport --dports 4443,10000:11000 -j ACCEPT",
        "-A INPUT -s 10.77.0.0/24 -j ACCEPT",
        "-A INPUT -s 10.77.0.11/32 -d 10.77.0.12/32 -i eth+ -p tcp -m state --state NEW -m tcp --dport 10250 -j ACCEPT",
        '-A INPUT -p tcp -m tcp --dport 10250 -m comment --comment "kubelet, of course" -j ACCEPT',
        '-A INPUT -p tcp -m comment --comment "- 10250 -" -m tcp --dport 10250 -j ACCEPT',
        '-A INPUT -p tcp -m comment --comment "!" -m tcp --dport 10250 -j ACCEPT',
    ],
)
def test_a_rule_that_takes_all_of_them_lets_them_pass(rule: str) -> None:
    assert ends(KUBELET, rule) == "passes"
    assert ends(KUBELET) == "refused"


@pytest.mark.parametrize(
    "rule",
    [
        "-A INPUT -p udp -m udp --dport 10250 -j ACCEPT",
        "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
        "-A INPUT -s 10.77.0.99/32 -j ACCEPT",
        "-A INPUT -i lo -j ACCEPT",
        "-A INPUT -i eth0 -j ACCEPT",
        "-A INPUT ! -s 10.9.0.0/16 -j ACCEPT",
        "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-A INPUT -m limit --limit 3/min -j ACCEPT",
        "-A INPUT -m conntrack --ctstate DNAT -j ACCEPT",
        "-A INPUT -j LOG --log-prefix REFUSED",
        "-A INPUT -j DOCKER",
    ],
)
def test_a_rule_that_takes_some_of_them_or_others_does_not(rule: str) -> None:
    assert ends(KUBELET, rule) == "refused"


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ("-A INPUT -s 203.0.113.9/32 -j DROP", "passes"),
        ("-A INPUT -m conntrack --ctstate INVALID -j DROP", "passes"),
        ("-A INPUT -p tcp -m tcp --dport 25 -m recent --name x -j DROP", "passes"),
        ("-A INPUT -m recent --name x --update --seconds 60 -j DROP", "unread"),
        ("-A INPUT -s 10.77.0.0/24 -j REJECT --reject-with icmp-port-unreachable", "refused"),
        ("-A INPUT -j NFQUEUE --queue-num 0", "unread"),
        ('-A INPUT -j LOG --log-prefix "!"', "passes"),
        ("-A INPUT -p udp -j NFQUEUE --queue-num 0", "passes"),
        ("-A INPUT -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu", "passes"),
    ],
)
def test_what_refuses_before_the_end(rule: str, outcome: str) -> None:
    assert ends(KUBELET, rule, policy="ACCEPT") == outcome


def test_a_chain_of_its_own_is_walked_and_left_at_return() -> None:
    jump, returns = "-A INPUT -j MINE", "-A MINE -j RETURN"
    assert ends(KUBELET, jump, "-A MINE -s 10.77.0.0/24 -j ACCEPT") == "passes"
    assert ends(KUBELET, jump, returns, "-A MINE -j DROP", policy="ACCEPT") == "passes"
    assert ends(KUBELET, "-A INPUT -g MINE", "-A INPUT -j ACCEPT") == "refused"
    assert ends(VXLAN, "-A INPUT -p tcp -j MINE", "-A MINE -j ACCEPT") == "refused"


def test_dockers_chain_for_the_admin_is_the_admins() -> None:
    jump = "-A FORWARD -j DOCKER-USER"
    assert ends(FORWARDED, jump, "-A DOCKER-USER -j RETURN", policy="ACCEPT") == "passes"
    assert ends(FORWARDED, jump, "-A DOCKER-USER -s 10.0.0.0/8 -j DROP", policy="ACCEPT") == "refused"
    assert ends(FORWARDED, "-A FORWARD -j DOCKER", "-A DOCKER -j DROP", policy="ACCEPT") == "passes"


def test_chains_that_call_each_other_end() -> None:
    assert ends(KUBELET, "-A INPUT -j MINE", "-A MINE -j MINE") == "refused"


def test_forwarded_packets_pass_their_own_chain() -> None:
    assert ends(FORWARDED, "-A INPUT -j ACCEPT") == "refused"
    assert ends(FORWARDED, "-A FORWARD -s 10.244.0.0/16 -j ACCEPT") == "passes"
    assert ends(FORWARDED, "-A FORWARD -i cni0 -j ACCEPT") == "passes"
    assert ends(FORWARDED, "-A FORWARD -i flannel.1 -j ACCEPT") == "refused"
    assert ends(FORWARDED, "-A FORWARD -i cni0 -o eth+ -j ACCEPT") == "passes"
    assert ends(FORWARDED, "-A FORWARD -o virbr0 -j REJECT", policy="ACCEPT") == "passes"
    assert ends(FORWARDED, "-A FORWARD ! -o virbr0 -j REJECT", policy="ACCEPT") == "unread"
    assert ends(FORWARDED, "-A FORWARD -p tcp -j ACCEPT") == "passes"
    assert ends(FORWARDED, "-A FORWARD -p udp -j ACCEPT") == "refused"
    assert ends(FORWARDED, "-A FORWARD -p tcp -m tcp --dport 25 -j DROP", policy="ACCEPT") == "passes"
    assert ends(NODE_PORT, "-A FORWARD -d 10.244.0.0/16 -j ACCEPT") == "passes"
    assert ends(NODE_PORT, "-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT") == "passes"


# What a rule of nft asks of a packet, in its words.
WORDS = {
    "DPORT": '{"payload": {"protocol": "tcp", "field": "dport"}}',
    "UPORT": '{"payload": {"protocol": "udp", "field": "dport"}}',
    "APORT": '{"payload": {"protocol": "th", "field": "dport"}}',
    "SADDR": '{"payload": {"protocol": "ip", "field": "saddr"}}',
    "DADDR": '{"payload": {"protocol": "ip", "field": "daddr"}}',
    "STATE": '{"ct": {"key": "state"}}',
}
IN_SET = (
    '{"set": {"family": "inet", "name": "agents", "table": "t", "elem": [22, {"elem": {"val": 10250, "timeout": 9}}]}}'
)


def nft_end(*expressions: str) -> End | None:
    """Where kubelet's packets end in a chain of nftables that lets pass what its one rule does not refuse."""
    rule = ", ".join(expressions)
    for word, expression in WORDS.items():
        rule = rule.replace(word, expression)
    (table,) = nft_tables(
        '{"nftables": [{"table": {"family": "inet", "name": "t"}}, '
        '{"chain": {"family": "inet", "table": "t", "name": "in", "type": "filter", "hook": "input", "policy": "accept"'
        "}}, "
        + IN_SET
        + ', {"rule": {"family": "inet", "table": "t", "chain": "in", "handle": 4, "expr": ['
        + rule
        + "]}}]}"
    )
    return refused(KUBELET, table)


def asks(left: str, right: str, operator: str = "==") -> str:
    return f'{{"match": {{"op": "{operator}", "left": {left}, "right": {right}}}}}'


def meta(key: str) -> str:
    return f'{{"meta": {{"key": "{key}"}}}}'


@pytest.mark.parametrize(
    "condition",
    [
        asks("DPORT", "10250"),
        asks("DPORT", '{"range": [10000, 11000]}'),
        asks("DPORT", '{"set": [22, {"range": [10250, 10259]}]}'),
        asks("DPORT", '"@agents"'),
        asks("APORT", "10250"),
        asks("SADDR", '"10.77.0.11"'),
        asks("SADDR", '{"prefix": {"addr": "10.77.0.0", "len": 24}}'),
        asks("DADDR", '{"set": ["203.0.113.9", "10.77.0.12"]}'),
        asks(meta("l4proto"), '{"set": ["tcp", "udp"]}'),
        asks('{"payload": {"protocol": "ip", "field": "protocol"}}', "6"),
        asks(meta("iifname"), '"eth1"'),
        asks("STATE", '["new", "untracked"]', "in"),
        asks(meta("nfproto"), '"ipv4"'),
        asks(meta("protocol"), '"ip"'),
    ],
)
def test_a_condition_of_nft_that_they_meet(condition: str) -> None:
    assert nft_end(condition, '{"drop": null}') == End("refused", "rule 4 of chain in")


@pytest.mark.parametrize(
    "condition",
    [
        asks("DPORT", "25"),
        asks("UPORT", "10250"),
        asks("SADDR", '"203.0.113.9"'),
        asks("DADDR", '{"prefix": {"addr": "192.0.2.0", "len": 24}}'),
        asks(meta("l4proto"), '"udp"'),
        asks(meta("iifname"), '"lo"'),
        asks("STATE", '["established", "related"]', "in"),
        asks('{"ct": {"key": "status"}}', '"dnat"', "in"),
        asks(meta("nfproto"), '"ipv6"'),
        asks('{"payload": {"protocol": "ip6", "field": "saddr"}}', '"fd00::1"'),
        asks('{"payload": {"protocol": "ip6", "field": "hoplimit"}}', "255", "!="),
        asks('{"payload": {"protocol": "icmp", "field": "type"}}', '"echo-request"'),
        asks('{"payload": {"protocol": "icmpv6", "field": "type"}}', '"echo-request"'),
    ],
)
def test_a_condition_of_nft_that_they_do_not_meet(condition: str) -> None:
    assert nft_end(condition, '{"drop": null}') is None


@pytest.mark.parametrize(
    "first",
    [
        asks(meta("nfproto"), '"ipv6"'),
        asks('{"payload": {"protocol": "ip6", "field": "saddr"}}', '"fd00::1"'),
        asks(meta("l4proto"), '"udp"'),
    ],
)
def test_what_an_earlier_condition_leaves_out_no_later_one_takes_in(first: str) -> None:
    """A rule for IPv6's port 10250 neither refuses IPv4's nor opens it."""
    assert nft_end(first, asks("DPORT", "10250"), '{"drop": null}') is None
    all_others_dropped = '{"accept": null}]}}, {"rule": {"chain": "in", "handle": 5, "expr": [{"drop": null}'
    assert nft_end(first, asks("DPORT", "10250"), all_others_dropped) == End("refused", "rule 5 of chain in")


@pytest.mark.parametrize(
    "condition",
    [
        asks("SADDR", '"10.9.0.0"', "!="),
        asks("DPORT", '"@of_another_table"'),
        asks(meta("mark"), "1"),
        asks('{"ct": {"key": "status"}}', '"assured"', "in"),
        asks('{"&": [{"meta": {"key": "mark"}}, 16384]}', "0"),
        asks('{"socket": {"key": "transparent"}}', "1"),
    ],
)
def test_a_condition_of_nft_that_kboot_cannot_read(condition: str) -> None:
    assert nft_end(condition, '{"drop": null}') == End("unread", "rule 4 of chain in")


@pytest.mark.parametrize(
    "expressions",
    [
        ('{"vmap": {"key": DPORT, "data": "@ports"}}',),
        ('{"vmap": {"key": DPORT, "data": {"set": [[10250, {"queue": null}]]}}}',),
        ('{"xt": null}',),
        ('{"xt": {"type": "match", "name": "recent"}}', '{"xt": {"type": "target", "name": "TARPIT"}}'),
        ('{"xt": null}', '{"counter": {"packets": 1, "bytes": 40}}', '{"drop": null}'),
        ('{"queue": null}',),
        ('{"synproxy": {"mss": 1460}}',),
    ],
)
def test_what_has_no_words_may_refuse(expressions: tuple[str, ...]) -> None:
    """nft 1.0.2 says {"xt": null} of every match and target of iptables'."""
    assert nft_end(*expressions) == End("unread", "rule 4 of chain in")


@pytest.mark.parametrize(
    "expressions",
    [
        ('{"vmap": {"key": DPORT, "data": {"set": [[10250, {"continue": null}], [25, {"drop": null}]]}}}',),
        ('{"xt": null}', '{"jump": {"target": "KUBE-FORWARD"}}'),
        ('{"xt": null}', '{"accept": null}'),
        ('{"xt": {"type": "match", "name": "recent"}}', '{"counter": {"packets": 1, "bytes": 40}}'),
        ('{"xt": {"type": "match", "name": "limit"}}', '{"xt": {"type": "target", "name": "LOG"}}'),
        ('{"xt": {"type": "target", "name": "MARK"}}',),
        ('{"limit": {"rate": 5, "per": "minute"}}', '{"log": {"prefix": "seen "}}'),
        ('{"match": {"op": "==", "left": DPORT, "right": 25}}', '{"xt": null}'),
        ('{"set": {"op": "add", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@seen"}}',),
    ],
)
def test_what_refuses_nothing_of_theirs_lets_them_pass(expressions: tuple[str, ...]) -> None:
    assert nft_end(*expressions) is None


@pytest.mark.parametrize(
    ("addresses", "outcome"),
    [
        ('{"range": ["203.0.113.1", "203.0.113.9"]}', "passes"),
        ('{"prefix": {"addr": "203.0.113.0", "len": 24}}', "passes"),
        ('{"elem": {"val": {"range": ["10.77.0.1", "10.77.0.20"]}, "expires": 9}}', "refused"),
    ],
)
def test_a_set_of_refused_addresses_is_read_with_its_ranges(addresses: str, outcome: str) -> None:
    source = '{"payload": {"protocol": "ip", "field": "saddr"}}'
    end = nft_end(f'{{"match": {{"op": "==", "left": {source}, "right": {{"set": [{addresses}]}}}}}}', '{"drop": null}')
    assert (end.outcome if end else "passes") == outcome
