"""A lab host as a careful hoster hands it over: ufw with default deny, sshd on another port, sudo with a password."""

from pathlib import Path

import pytest

from tests.cluster.conftest import NewLab
from tests.cluster.lab import Lab

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def walled(new_lab: NewLab) -> Lab:
    """One host behind ufw, sshd on 2222, sudo with a password."""
    return new_lab("--hosts", "1", "--with", "ufw", "--ssh-port", "2222", "--sudo-password")


def test_ufw_lets_in_ssh_alone(walled: Lab) -> None:
    listening = walled.host("cp1").socket.get_listening_sockets()
    assert sorted(socket for socket in listening if socket.startswith("tcp")) == ["tcp://0.0.0.0:2222", "tcp://:::2222"]

    knock = "import socket; socket.create_connection(('10.77.0.11', {}), timeout=2)"
    walled.lab("exec", "python3", "-c", knock.format(2222))
    refused = walled.lab("exec", "python3", "-c", knock.format(8080), code=1)

    assert "timed out" in refused.err


def test_ufw_denies_incoming_and_routed(walled: Lab) -> None:
    password = walled.state.sudo_password.read_text()

    rules = walled.host("cp1").run("echo %s | sudo -S iptables -S", password.strip()).stdout

    assert "-P INPUT DROP" in rules
    assert "-P FORWARD DROP" in rules


def test_sudo_asks_for_the_password_that_the_inventory_names(walled: Lab) -> None:
    file = Path(walled.wanted["ssh"]["sudoPasswordFile"])
    assert file.stat().st_mode & 0o777 == 0o600
    host = walled.host("cp1")

    assert host.run("sudo -n true").rc == 1
    assert host.run("echo wrong | sudo -S true").rc == 1
    assert host.run("echo %s | sudo -S true", file.read_text().strip()).rc == 0


def test_labs_side_by_side_have_the_same_addresses_and_nothing_else_in_common(walled: Lab, new_lab: NewLab) -> None:
    other = new_lab("--hosts", "1")

    ids = {lab.host("cp1").file("/etc/machine-id").content_string for lab in (walled, other)}

    assert len(ids) == 2
    assert other.host("cp1").run("ss -Hltn | grep -q :2222").rc == 1
