"""ufw's rules, as its files hold them."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.facts.ufw import UFW, Rule
from bootstrap.model.answer import Known, Unreadable
from bootstrap.model.fact import Output

PORTS = st.integers(1, 65535).map(str)
NETWORKS = st.builds(
    lambda number, length: IPv4Network((number, length), strict=False), st.integers(0, 2**32 - 1), st.integers(0, 32)
)
RULES = st.builds(
    Rule,
    st.sampled_from(["allow", "deny"]),
    st.sampled_from(["any", "tcp", "udp"]),
    st.one_of(st.just("any"), PORTS, st.just("4443,10250"), st.just("10000:11000")),
    NETWORKS,
    NETWORKS,
    st.booleans(),
)


@given(RULES)
def test_a_rule_covers_itself(rule: Rule) -> None:
    assert rule.covers(rule)


@given(RULES, RULES, RULES)
def test_covering_is_transitive(first: Rule, second: Rule, third: Rule) -> None:
    if first.covers(second) and second.covers(third):
        assert first.covers(third)


@given(RULES)
def test_a_rule_for_everything_covers_all_of_its_kind(rule: Rule) -> None:
    assert Rule("deny", "any", "any", route=rule.route).covers(rule)
    assert not Rule("deny", "any", "any", route=not rule.route).covers(rule)


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ("10250", "10250", True),
        ("10000:11000", "10250", True),
        ("4443,10250", "10250", True),
        ("4443,10250", "4443,10250,10256", False),
        ("10250", "10000:11000", False),
        ("any", "10250", True),
        ("10250", "any", False),
    ],
)
def test_ports_are_covered(wide: str, narrow: str, covered: bool) -> None:
    assert Rule("allow", "tcp", wide).covers(Rule("allow", "tcp", narrow)) is covered


def test_a_rule_of_one_interface_covers_no_other() -> None:
    assert not Rule("allow", "tcp", "22", direction="in_eth1").covers(Rule("allow", "tcp", "22"))


def test_lines_as_ufw_0_36_writes_them() -> None:
    said = UFW.read(
        Output(
            0,
            "ENABLED=yes\n"
            "limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 OpenSSH - in\n"
            "allow_log udp 8472 0.0.0.0/0 any 10.77.0.11 in comment=6b626f6f74\n"
            "route:allow any any 10.244.0.0/16 any 0.0.0.0/0 in_eth0!out_cni0\n",
        )
    )
    assert isinstance(said, Known)
    assert said.value.rules == (
        Rule("limit", "tcp", "22"),
        Rule("allow", "udp", "8472", IPv4Network("10.77.0.11/32")),
        Rule("allow", "any", "any", destination=IPv4Network("10.244.0.0/16"), route=True, direction="in_eth0!out_cni0"),
    )


@pytest.mark.parametrize(
    ("told", "lets_in", "routes"),
    [
        ("", False, False),
        ('DEFAULT_INPUT_POLICY="DROP"\nDEFAULT_FORWARD_POLICY="REJECT"\n', False, False),
        ('DEFAULT_INPUT_POLICY="DROP"\nDEFAULT_FORWARD_POLICY="ACCEPT"\n', False, True),
        ("DEFAULT_INPUT_POLICY=ACCEPT\n", True, False),
    ],
)
def test_what_no_rule_matches_is_let_through_where_ufws_defaults_say_so(told: str, lets_in: bool, routes: bool) -> None:
    said = UFW.read(Output(0, f"ENABLED=yes\n{told}allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n"))
    assert isinstance(said, Known)
    assert (said.value.lets_in, said.value.routes) == (lets_in, routes)
    assert said.value.rules == (Rule("allow", "tcp", "22"),)


def test_a_line_of_another_shape_is_not_guessed_at() -> None:
    assert isinstance(UFW.read(Output(0, "ENABLED=yes\nallow tcp\n")), Unreadable)


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        ("allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in comment=6b626f6f74", True),
        ("route:allow any any 10.244.0.0/16 any 0.0.0.0/0 in comment=6b626f6f74", True),
        ("allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in", False),
        ("allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in comment=6b626f6f7420", False),
        ("deny tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in comment=6b626f6f74", False),
        ("allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 API - in comment=6b626f6f74", False),
    ],
)
def test_kboots_own_rules_are_known_by_their_comment(line: str, ours: bool) -> None:
    said = UFW.read(Output(0, f"ENABLED=yes\n{line}\n"))
    assert isinstance(said, Known)
    assert [rule.ours for rule in said.value.rules] == [ours]


def test_two_rules_that_differ_in_their_maker_alone_are_the_same() -> None:
    assert Rule("allow", "tcp", "22", ours=True) == Rule("allow", "tcp", "22")
    assert repr(Rule("allow", "tcp", "22", ours=True)) == repr(Rule("allow", "tcp", "22"))
