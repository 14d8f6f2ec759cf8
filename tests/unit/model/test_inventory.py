"""An inventory's answers about itself."""

import pytest
from pydantic import ValidationError

from bootstrap.model.inventory import Cluster, Host, Inventory, Ssh

HOSTS = (
    Host(name="w1", address="10.1.0.2"),
    Host(name="cp1", address="cp1.lab", node_ip="10.1.0.1", role="control-plane"),
)
INVENTORY = Inventory(api_version="kboot/v1", hosts=HOSTS)


def test_hosts_are_found_by_role_and_name() -> None:
    assert [host.name for host in INVENTORY.control_planes] == ["cp1"]
    assert [host.name for host in INVENTORY.workers] == ["w1"]
    assert INVENTORY.first_control_plane is HOSTS[1]
    assert INVENTORY.host("w1") is HOSTS[0]
    with pytest.raises(KeyError):
        INVENTORY.host("w2")


def test_a_nodes_address_is_its_node_ip_else_the_address_that_ssh_reaches() -> None:
    assert [host.node_address for host in HOSTS] == ["10.1.0.2", "10.1.0.1"]


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [(None, "10.1.0.1:6443"), ("k8s.lab", "k8s.lab:6443"), ("k8s.lab:443", "k8s.lab:443")],
)
def test_the_endpoint_has_a_port_in_any_case(endpoint: str | None, expected: str) -> None:
    inventory = INVENTORY.model_copy(update={"cluster": Cluster(endpoint=endpoint)})
    assert inventory.endpoint == expected


def test_ssh_settings_unset_at_a_host_are_the_files() -> None:
    assert Ssh(port=2222).over(Ssh(user="admin", port=22)) == Ssh(user="admin", port=2222)


def test_an_inventory_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        INVENTORY.hosts[0].name = "other"  # type: ignore[misc]


def test_keys_of_the_file_are_camel_case() -> None:
    keys = Cluster().model_dump(by_alias=True)
    assert {"podCIDR", "serviceCIDR", "dnsDomain", "certSANs", "controlPlaneTaint"} <= set(keys)
