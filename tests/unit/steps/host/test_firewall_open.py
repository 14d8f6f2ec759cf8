"""What ufw is told comes back as the rules that were wanted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.facts.network import LIVE_SSH_PORT, SOCKETS, Socket
from bootstrap.facts.ufw import UFW, Rule, Ufw
from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.decision import Change, Satisfied
from bootstrap.model.fact import Fact, Facts, Output, Question
from bootstrap.model.inventory import Inventory
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.steps.checks.firewall_understood import FirewallUnderstood
from bootstrap.steps.host.firewall_open import FirewallOpen
from bootstrap.steps.host.firewall_rules import wanted_rules
from tests.unit.steps.host.conftest import Counted

NO_RULES = "ENABLED=yes\n"
SSH_2222 = "ufw allow proto tcp from any to any port 2222 comment kboot"
NETWORKS = st.lists(st.sampled_from(["192.0.2.0/24", "198.51.100.7/32"]), max_size=2, unique=True)


POLICIES = st.fixed_dictionaries({
    "apiFrom": NETWORKS, "nodePortsFrom": NETWORKS, "metrics4443": st.sampled_from(["open", "closed"])
})  # fmt: skip


def _target(workers: int, policy: Mapping[str, object], role: str = "control-plane", **edit: object) -> Target:
    named: Any = edit.pop("hosts", None)
    hosts = named or [{"name": f"h{n}", "address": f"10.0.0.{n + 1}", "role": "worker"} for n in range(workers)]
    hosts.append({"name": "cp", "address": "10.0.1.1", "role": "control-plane"})
    raw = {"apiVersion": "kboot/v1", "cluster": {"firewall": policy, **edit}, "hosts": hosts}
    inventory = Inventory.model_validate(raw)
    host = next(host for host in inventory.hosts if host.role == role)
    return Target("host", host, Wanted(inventory, RunValues("r", "abcdef", datetime.now(UTC), "k")))


def _after(change: object, before: str) -> str:
    """What ufw's files hold after the change's commands, each done as ufw does it."""
    assert isinstance(change, Change)
    (run,) = change.actions
    assert isinstance(run, Run)
    lines = before.splitlines()
    for command in str(run.stdin).splitlines()[1:]:
        stored = _as_ufw_stores(command.replace("delete ", ""))
        if "delete" in command:
            lines.remove(stored)
        else:
            assert stored not in lines, "ufw skips a rule that is there"
            lines.append(stored)
    return "\n".join([*lines, ""])


def _as_ufw_stores(command: str) -> str:
    """`ufw [route] allow [proto P] from F to T [port N] comment C` as a tuple line of user.rules."""
    words = command.split()
    kind = "route:allow" if words[1] == "route" else "allow"
    options = dict(zip(words[words.index("allow") + 1 :: 2], words[words.index("allow") + 2 :: 2], strict=True))
    any_network = {"any": "0.0.0.0/0"}
    source, destination = (any_network.get(options[key], options[key]) for key in ("from", "to"))
    ports, comment = options.get("port", "any"), options["comment"].encode().hex()
    return f"{kind} {options.get('proto', 'any')} {ports} {destination} any {source} in comment={comment}"


@given(st.integers(1, 5), POLICIES, st.sampled_from(["control-plane", "worker"]))
def test_after_its_own_commands_it_is_satisfied(workers: int, policy: dict[str, object], role: str) -> None:
    target = _target(workers, policy, role)
    assert isinstance(_decide(target, _after(_decide(target, NO_RULES), NO_RULES)), Satisfied)


@given(st.integers(1, 5), POLICIES, st.integers(0, 3), POLICIES, st.sampled_from(["control-plane", "worker"]))
def test_after_an_edit_of_the_policy_the_rules_are_those_of_a_first_run(
    former: int, former_policy: dict[str, object], more: int, policy: dict[str, object], role: str
) -> None:
    earlier, target = _target(former, former_policy, role), _target(former + more, policy, role)
    before = _after(_decide(earlier, NO_RULES), NO_RULES)
    decision = _decide(target, before)
    after = before if isinstance(decision, Satisfied) else _after(decision, before)
    assert _decide(target, after) == Satisfied(f"ufw: {len(after.splitlines()) - 1} rules")
    assert set(after.splitlines()) == set(_after(_decide(target, NO_RULES), NO_RULES).splitlines())


@given(st.integers(2, 5), POLICIES, POLICIES)
def test_a_host_that_is_gone_from_the_inventory_may_be_a_node_still(
    former: int, former_policy: dict[str, object], policy: dict[str, object]
) -> None:
    before = _after(_decide(_target(former, former_policy), NO_RULES), NO_RULES)
    target = _target(former - 1, policy)
    decision = _decide(target, before)
    after = before if isinstance(decision, Satisfied) else _after(decision, before)
    held = _decide(target, after)
    assert isinstance(held, Satisfied)
    assert "the cluster may have it still" in held.remark
    gone = f"10.0.0.{former}"
    assert [one for one in before.splitlines() if gone in one] == [one for one in after.splitlines() if gone in one]


@pytest.mark.parametrize(
    "edit", [{"podCIDR": "10.250.0.0/16"}, {"hosts": [{"name": "h0", "address": "10.0.0.9", "role": "worker"}]}]
)
def test_an_edit_that_the_cluster_cannot_follow_takes_nothing_away(edit: dict[str, Any]) -> None:
    before = _after(_decide(_target(1, {}), NO_RULES), NO_RULES)
    assert "delete" not in repr(_decide(_target(1, {}, **edit), before))


def test_a_control_plane_that_the_inventory_calls_a_worker_stays_reachable() -> None:
    before = _after(_decide(_target(1, {}), NO_RULES), NO_RULES)
    assert "delete" not in repr(_decide(_target(1, {}, "worker"), before))


def test_new_rules_are_there_before_old_ones_go() -> None:
    before = _after(_decide(_target(1, {}), NO_RULES), NO_RULES)
    change = _decide(_target(1, {"apiFrom": ["192.0.2.0/24"]}), before)
    assert isinstance(change, Change)
    (run,) = change.actions
    assert isinstance(run, Run)
    verbs = ["delete" in line for line in str(run.stdin).splitlines()]
    assert True in verbs
    assert verbs == sorted(verbs)


@pytest.mark.parametrize("stored", ["10250,4443", "4443,10250"])
def test_the_order_of_ports_is_no_difference(stored: str) -> None:
    target = _target(1, {})
    after = _after(_decide(target, NO_RULES), NO_RULES).replace("4443,10250", stored)
    assert isinstance(_decide(target, after), Satisfied)


@pytest.mark.parametrize(
    "line",
    [
        "allow tcp 6443 0.0.0.0/0 any 198.51.100.7 in",
        "allow tcp 6443 0.0.0.0/0 any 198.51.100.7 in comment=6c6162",
        "allow_log tcp 6443 0.0.0.0/0 any 198.51.100.7 in comment=6b626f6f74",
        "allow tcp 6443 0.0.0.0/0 any 198.51.100.7 in_eth1 comment=6b626f6f74",
        "allow tcp 6443 0.0.0.0/0 any 198.51.100.7 API - in comment=6b626f6f74",
        "deny tcp 6443 0.0.0.0/0 any 198.51.100.7 in comment=6b626f6f74",
    ],
)
def test_a_rule_that_kboot_does_not_make_so_is_never_deleted(line: str) -> None:
    target = _target(1, {"apiFrom": ["192.0.2.0/24"]})
    after = _after(_decide(target, NO_RULES), NO_RULES)
    decision = _decide(target, f"{after}{line}\n")
    assert isinstance(decision, Satisfied)
    assert ("apiFrom" in decision.remark) == (not line.startswith("deny"))


def test_sshs_rule_stays_while_nobody_knows_who_listens() -> None:
    target = _target(1, {})
    after = _after(_decide(target, NO_RULES), NO_RULES) + f"{_as_ufw_stores(SSH_2222)}\n"
    held = _decide(target, after)
    assert isinstance(held, Satisfied)
    assert "something may listen on 2222/tcp" in held.remark
    known = (Socket("tcp", "*", 22, "sshd", 8),)
    assert "delete allow proto tcp from any to any port 2222" in repr(_decide(target, after, known))
    assert isinstance(_decide(target, after, (*known, Socket("tcp", "*", 2222, "systemd", 1))), Satisfied)


def test_ssh_comes_before_all_else() -> None:
    first = wanted_rules(_target(2, {}), ())[0]
    assert first == Rule("allow", "tcp", "22")


def test_ports_that_listen_on_loopback_are_never_opened() -> None:
    opened = {rule.ports for rule in wanted_rules(_target(2, {}), ())}
    assert not opened & {"10257", "10259", "2379,2380"}


def test_a_node_port_is_a_routed_rule_and_no_input_rule() -> None:
    rules = wanted_rules(_target(1, {"nodePortsFrom": ["192.0.2.0/24"]}), ())
    pods = IPv4Network("10.244.0.0/16")
    assert Rule("allow", "any", "any", IPv4Network("192.0.2.0/24"), pods, route=True) in rules
    assert not [rule for rule in rules if "30000" in rule.ports]


def test_an_agents_socket_of_sshd_is_not_its_port() -> None:
    sockets = (Socket("tcp", "127.0.0.1", 6010, "sshd", 9), Socket("tcp", "*", 2022, "sshd", 8))
    assert wanted_rules(_target(1, {}), sockets)[0].ports == "2022"


def _decide(target: Target, ufw: str, sockets: tuple[Socket, ...] = ()) -> object:
    facts: dict[Fact[Any], Answer[Any]] = {
        UFW: UFW.read(Output(0, ufw)),
        SOCKETS: Known(sockets),
        LIVE_SSH_PORT: Absent("local"),
    }
    return FirewallOpen().decide(target, Facts({Question(target.asked, fact): said for fact, said in facts.items()}))


def test_each_rule_is_compared_with_few_on_a_cluster_of_hundreds(counted: Counted) -> None:
    target = _target(250, {}, "worker")
    rules = wanted_rules(target, ())
    answers: dict[Fact[Any], Answer[Any]] = {
        UFW: Known(Ufw(enabled=True, rules=tuple(replace(rule, ours=True) for rule in rules)))
    }
    compared = counted(Rule, "covers")
    for step in (FirewallOpen(), FirewallUnderstood()):
        facts = {one: answers.get(one.fact, Absent("none")) for one in step.needs(target)}
        assert isinstance(step.decide(target, Facts(facts)), Satisfied)
    assert len(rules) < len(compared) < 50 * len(rules)
