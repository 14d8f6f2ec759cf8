"""What of a packet filter stands in a node's way."""

from datetime import UTC, datetime
from ipaddress import IPv4Network

from bootstrap.facts.iptables_save import iptables_table
from bootstrap.facts.network import Interface
from bootstrap.facts.packet_rules import Table
from bootstrap.facts.ufw import Rule
from bootstrap.model.inventory import Inventory
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.steps.host import packet_path
from bootstrap.steps.host.firewall_rules import wanted_rules
from bootstrap.steps.host.foreign_firewall import Barrier, barrier, lines
from bootstrap.steps.host.packet_path import End
from tests.unit.steps.host.conftest import Counted

NODES, BANNED = 250, 1000


def test_banned_addresses_are_not_compared_with_each_node(counted: Counted) -> None:
    hosts = [{"name": f"w{n}", "address": f"10.0.0.{n}"} for n in range(1, NODES)]
    hosts[0]["role"] = "control-plane"
    inventory = Inventory.model_validate({"apiVersion": "kboot/v1", "hosts": hosts})
    target = Target("host", inventory.hosts[1], Wanted(inventory, RunValues("r", "abcdef", datetime.now(UTC), "k")))
    bans = (f"-A INPUT -s {IPv4Network('203.0.0.0/8', strict=False)[n]}/32 -j DROP" for n in range(BANNED))
    table = iptables_table("\n".join([":INPUT ACCEPT [0:0]", *bans, "-A INPUT -s 10.0.0.9/32 -j DROP"]))
    compared = counted(packet_path, "_read")
    found = barrier(target, table, wanted_rules(target, ()), (Interface("eth0", "", ("10.0.0.2/24",)),))

    assert found
    assert {rule.source for rule in found.rules} == {IPv4Network("10.0.0.9/32")}
    assert len(compared) < 10 * (NODES + BANNED)


def test_firewalld_trusts_pods_alone() -> None:
    """Whoever may reach NodePorts is not let in everywhere."""
    pods, office = IPv4Network("10.244.0.0/16"), IPv4Network("192.0.2.0/24")
    rules = Rule("allow", "any", "any", pods, route=True), Rule("allow", "any", "any", office, pods, route=True)
    end = End("refused", "policy of chain filter_FORWARD")
    found = Barrier(Table("firewalld", "inet", "firewalld", ()), tuple((rule, end) for rule in rules))
    assert [line for line in lines(found, "eth0") if "trusted" in line] == [
        "sudo firewall-cmd --permanent --zone=trusted --add-source=10.244.0.0/16"
    ]
