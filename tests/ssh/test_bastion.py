"""Hosts behind a bastion: each end checks its own key, and the bastion is logged in to once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.cli.boundary import guarded
from bootstrap.cli.root import kboot
from bootstrap.cli.system_ssh import run_there
from bootstrap.model.exit_code import ExitCode
from bootstrap.transport.errors import HostKeyUnknown, LoginRefused, Unreachable
from bootstrap.transport.ssh import Ssh, SshContext
from tests.ssh.conftest import Connect
from tests.ssh.sshd import Sshd, User, free_port, make_key


@pytest.fixture(scope="module")
def bastion(tmp_path_factory: pytest.TempPathFactory, client_key: Path) -> Iterator[Sshd]:
    server = Sshd(tmp_path_factory.mktemp("bastion") / "server", client_key)
    yield server
    server.stop()


def test_hosts_behind_one_bastion_share_its_connection(
    sshd: Sshd, bastion: Sshd, free_user: User, plain_user: User
) -> None:
    context = SshContext()
    settings = sshd.settings(free_user.name, bastion=bastion.settings(plain_user.name))
    hosts = [context.connect(f"node-{number}", settings) for number in range(3)]
    bastion.clear_log()
    assert [host.run("id -un", timeout_s=20).text for host in hosts] == ["root\n"] * 3
    assert bastion.log.count("Accepted publickey") == 1
    for host in hosts:
        host.close()
    context.close()


def test_an_unknown_bastion_gets_no_credential(sshd: Sshd, bastion: Sshd, free_user: User, connect: Connect) -> None:
    bastion.clear_log()
    jump = bastion.settings(free_user.name, known_hosts_path=Path("/nonexistent/known_hosts"))
    with pytest.raises(HostKeyUnknown, match=r"node-1: bastion 127\.0\.0\.1"):
        connect(sshd.settings(free_user.name, bastion=jump)).run("true", timeout_s=20)
    assert "userauth-request" not in bastion.log


def test_a_login_refused_by_the_bastion_names_it(
    sshd: Sshd, bastion: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    jump = bastion.settings(free_user.name, key_path=make_key(tmp_path / "wrong"))
    with pytest.raises(LoginRefused, match=r"bastion 127\.0\.0\.1"):
        connect(sshd.settings(free_user.name, bastion=jump)).run("true", timeout_s=20)


def test_a_host_that_the_bastion_cannot_reach_is_unreachable(
    sshd: Sshd, bastion: Sshd, free_user: User, connect: Connect
) -> None:
    settings = sshd.settings(free_user.name, port=free_port(), bastion=bastion.settings(free_user.name))
    with pytest.raises(Unreachable) as caught:
        connect(settings).run("true", timeout_s=20)
    assert "from its bastion" in caught.value.problem


def test_a_scan_through_a_bastion_shows_the_hosts_own_key(sshd: Sshd, bastion: Sshd, free_user: User) -> None:
    context = SshContext()
    settings = sshd.settings(free_user.name, bastion=bastion.settings(free_user.name))
    key = Ssh("node-1", settings, context=context).offered_host_key()
    context.close()
    assert key.line(settings.known_as) + "\n" == sshd.known_hosts.read_text()


def test_hosts_trust_pins_the_bastion_first_and_then_who_is_behind_it(
    sshd: Sshd, bastion: Sshd, free_user: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known_hosts"
    inventory = tmp_path / "lab.yaml"
    host = "{name: cp1, address: 127.0.0.1, nodeIP: 192.0.2.1, role: control-plane}"
    inventory.write_text(
        f"apiVersion: kboot/v1\nssh: {{user: {free_user.name}, port: {sshd.port}, key: {sshd.client_key}, "
        f"knownHosts: {known}, bastion: '{free_user.name}@localhost:{bastion.port}'}}\nhosts: [{host}]\n"
    )
    sshd.clear_log()
    assert guarded(kboot, ["hosts", "scan", "-i", str(inventory)]) == ExitCode.KEY_REFUSED
    assert "userauth-request" not in sshd.log, "nobody behind an unknown bastion was reached"
    bastion.clear_log()
    assert guarded(kboot, ["hosts", "trust", "--yes", "-i", str(inventory), "cp1"]) == ExitCode.OK
    told = capsys.readouterr().out
    assert told.index("localhost: trusted") < told.index("cp1: trusted")
    assert f"[localhost]:{bastion.port} " in known.read_text()
    assert f"[127.0.0.1]:{sshd.port} " in known.read_text()
    assert guarded(kboot, ["hosts", "trust", "--yes", "-i", str(inventory), "localhost"]) == ExitCode.OK
    assert bastion.log.count("Accepted publickey") == 1, "and it was logged in to for the hosts alone"


def test_the_systems_ssh_goes_through_a_bastion_too(sshd: Sshd, bastion: Sshd, free_user: User) -> None:
    settings = sshd.settings(free_user.name, bastion=bastion.settings(free_user.name))
    bastion.clear_log()
    assert run_there("node-1", settings, ("exit 7",)) == 7
    assert bastion.log.count("Accepted publickey") == 1
