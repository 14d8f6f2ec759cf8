"""`kboot inventory init`: what hosts said becomes an inventory that loads, and that means what they said."""

from pathlib import Path

from bootstrap.load.inventory import inventory_of
from bootstrap.load.source import Source
from bootstrap.load.starter import Said, starter
from bootstrap.model.inventory import Inventory, Ssh

DEBIAN = "Debian GNU/Linux 12 (bookworm)"
LO = ("lo", "127.0.0.1/8")


def said(address: str, host_name: str, *interfaces: tuple[str, str], ssh: Ssh | None = None) -> Said:
    return Said(address, ssh or Ssh(user="admin"), host_name, DEBIAN, (LO, *interfaces))


def made(*hosts: Said, ssh: Ssh | None = None) -> tuple[str, Inventory]:
    text = starter(hosts, "lab", ssh or Ssh(), None)
    return text, inventory_of(Source("lab.yaml", text))


def test_the_first_host_is_the_control_plane_and_the_user_is_said_once() -> None:
    text, inventory = made(
        said("192.168.1.11", "cp1", ("eth0", "192.168.1.11/24")),
        said("192.168.1.21", "w1", ("eth0", "192.168.1.21/24")),
    )
    assert [(host.name, host.role) for host in inventory.hosts] == [("cp1", "control-plane"), ("w1", "worker")]
    assert inventory.ssh.user == "admin"
    assert text.count("user:") == 1
    assert "nodeIP" not in text
    assert f"# {DEBIAN}" in text


def test_an_address_that_every_host_has_is_no_nodes() -> None:
    """The Vagrant trap: the first card is a NAT's, 10.0.2.15 on each machine."""
    nat = ("eth0", "10.0.2.15/24")
    _, inventory = made(
        said("127.0.0.1", "a", nat, ("eth1", "192.168.56.11/24"), ssh=Ssh(user="vagrant", port=2222)),
        said("127.0.0.1", "b", nat, ("eth1", "192.168.56.12/24"), ssh=Ssh(user="vagrant", port=2200)),
    )
    assert [host.node_address for host in inventory.hosts] == ["192.168.56.11", "192.168.56.12"]
    assert [host.ssh.port for host in inventory.hosts] == [2222, 2200]


def test_with_two_networks_the_one_that_ssh_reaches_is_said_and_the_other_is_shown() -> None:
    text, inventory = made(said("10.1.0.11", "a", ("ens3", "172.20.0.5/24"), ("ens4", "10.1.0.11/24")))
    assert inventory.hosts[0].node_address == "10.1.0.11"
    assert "nodeIP: 10.1.0.11" in text
    assert "172.20.0.5/24, 10.1.0.11/24" in text


def test_a_name_for_an_address_gets_its_node_address() -> None:
    _, inventory = made(said("cp1.lab.example", "cp1", ("eth0", "10.1.0.11/24")))
    assert inventory.hosts[0].node_address == "10.1.0.11"


def test_container_bridges_are_no_networks_of_the_host() -> None:
    text, _ = made(
        said("10.1.0.11", "a", ("docker0", "172.17.0.1/16"), ("cni0", "10.9.0.1/24"), ("eth0", "10.1.0.11/8"))
    )
    assert "nodeIP" not in text


def test_names_become_names_of_nodes_each_once() -> None:
    text, inventory = made(
        said("10.1.0.1", "Web_01.lab.example", ("e", "10.1.0.1/24")),
        said("10.1.0.2", "web-01", ("e", "10.1.0.2/24")),
        said("10.1.0.3", "no", ("e", "10.1.0.3/24")),
        said("10.1.0.4", "007", ("e", "10.1.0.4/24")),
        said("10.1.0.5", "___", ("e", "10.1.0.5/24")),
    )
    assert [host.name for host in inventory.hosts] == ["web-01", "web-01-2", "no", "007", "host"]
    assert "it calls itself Web_01.lab.example" in text


def test_pod_and_service_networks_move_out_of_the_hosts_networks() -> None:
    _, inventory = made(said("10.244.3.7", "a", ("eth0", "10.244.3.7/16"), ("eth1", "10.100.0.1/24")))
    pods, services = inventory.cluster.pod_cidr, inventory.cluster.service_cidr
    assert str(pods) != "10.244.0.0/16"
    assert not services.overlaps(pods)


def test_different_users_stand_at_their_hosts(tmp_path: Path) -> None:
    _, inventory = made(
        said("10.1.0.1", "a", ("e", "10.1.0.1/24"), ssh=Ssh(user="root")),
        said("10.1.0.2", "b", ("e", "10.1.0.2/24"), ssh=Ssh(user="null")),
        ssh=Ssh(known_hosts=str(tmp_path / "known hosts: mine")),
    )
    assert [inventory.ssh_of(host).user for host in inventory.hosts] == ["root", "null"]
    assert inventory.ssh.known_hosts == str(tmp_path / "known hosts: mine")
