"""A finding on a host names the line of the inventory that decides."""

from datetime import UTC, datetime
from pathlib import Path

from bootstrap.facts.network import INTERFACES, Interface
from bootstrap.load.inventory import load_inventory
from bootstrap.load.places import host_places
from bootstrap.model.answer import Known
from bootstrap.model.decision import Blocked
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.steps.checks.address_on_interface import AddressOnInterface

INVENTORY = """\
apiVersion: kboot/v1
hosts:
  - {name: cp1, address: 192.0.2.1, role: control-plane}
  - name: w1
    address: 192.0.2.2
    node_ip: 10.0.0.2
"""
RUN = RunValues("run", "abcdef", datetime(2026, 1, 1, tzinfo=UTC), "kubeconfig")


def test_the_line_of_node_ip_else_of_the_hosts_entry(tmp_path: Path) -> None:
    (file := tmp_path / "lab.yaml").write_text(INVENTORY)
    assert host_places(file, load_inventory(file)) == {"cp1": f"{file}:3", "w1": f"{file}:6"}


def test_a_check_of_addresses_says_it(tmp_path: Path) -> None:
    (file := tmp_path / "lab.yaml").write_text(INVENTORY)
    inventory = load_inventory(file)
    wanted = Wanted(inventory, RUN, places=host_places(file, inventory))
    addresses = {"cp1": "192.0.2.1/24", "w1": "192.0.2.2/24"}
    links = {name: Known((Interface("eth0", "52:54:00:00:00:01", (one,)),)) for name, one in addresses.items()}
    facts = Facts({Question(name, INTERFACES): known for name, known in links.items()})
    decision = AddressOnInterface().decide(Target("host", inventory.hosts[1], wanted), facts)
    assert isinstance(decision, Blocked)
    assert f"hosts[1].nodeIP ({file}:6)" in decision.advice
