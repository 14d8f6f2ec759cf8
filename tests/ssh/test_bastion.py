"""Hosts behind a bastion: each end checks its own key, and the bastion is logged in to once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
