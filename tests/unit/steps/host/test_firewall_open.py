"""What ufw is told comes back as the rules that were wanted."""

import shlex
from datetime import UTC, datetime
from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from bootstrap.facts.firewall import UFW, Rule
from bootstrap.facts.network import SOCKETS, Socket
from bootstrap.model.action import Run
from bootstrap.model.answer import Answer, Known
from bootstrap.model.decision import Change, Satisfied
from bootstrap.model.fact import Fact, Facts, Output, Question
from bootstrap.model.inventory import Inventory
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.steps.host.firewall_open import FirewallOpen
from bootstrap.steps.host.firewall_rules import wanted_rules

NETWORKS = st.lists(st.sampled_from(["192.0.2.0/24", "198.51.100.7/32"]), max_size=2, unique=True)


def _target(workers: int, policy: dict[str, object], role: str = "control-plane") -> Target:
    hosts = [{"name": f"h{n}", "address": f"10.0.0.{n + 1}", "role": "worker"} for n in range(workers)]
    hosts.append({"name": "cp", "address": "10.0.1.1", "role": "control-plane"})
    raw = {"apiVersion": "kboot/v1", "cluster": {"firewall": policy}, "hosts": hosts}
    inventory = Inventory.model_validate(raw)
    host = next(host for host in inventory.hosts if host.role == role)
    return Target("host", host, Wanted(inventory, RunValues("r", "abcdef", datetime.now(UTC), "k")))


def _as_ufw_stores(command: str) -> str:
    """`ufw [route] allow [proto P] from F to T [port N] comment C` as a tuple line of user.rules."""
    words = shlex.split(command)
    kind = "route:allow" if words[1] == "route" else "allow"
    options = dict(zip(words[words.index("allow") + 1 :: 2], words[words.index("allow") + 2 :: 2], strict=True))
    any_network = {"any": "0.0.0.0/0"}
    source, destination = (any_network.get(options[key], options[key]) for key in ("from", "to"))
    return f"{kind} {options.get('proto', 'any')} {options.get('port', 'any')} {destination} any {source} in comment=6b"


@given(
    st.integers(1, 5),
    NETWORKS,
    NETWORKS,
    st.sampled_from(["open", "closed"]),
    st.sampled_from(["control-plane", "worker"]),
)
def test_after_its_own_commands_it_is_satisfied(
    workers: int, api: list[str], node_ports: list[str], old: str, role: str
) -> None:
    target = _target(workers, {"apiFrom": api, "nodePortsFrom": node_ports, "metrics4443": old}, role)
    change = _decide(target, "ENABLED=yes\n")
    assert isinstance(change, Change)
    (run,) = change.actions
    assert isinstance(run, Run)
    lines = [_as_ufw_stores(line) for line in str(run.stdin).splitlines()[1:]]
    assert isinstance(_decide(target, "\n".join(["ENABLED=yes", *lines]) + "\n"), Satisfied)


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


def _decide(target: Target, ufw: str) -> object:
    facts: dict[Fact[object], Answer[object]] = {UFW: UFW.read(Output(0, ufw)), SOCKETS: Known(())}  # type: ignore[dict-item]
    return FirewallOpen().decide(target, Facts({Question(target.asked, fact): said for fact, said in facts.items()}))
