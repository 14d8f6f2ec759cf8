"""Hosts that restart under us: gone or closed for a while is not refused, and what sshd says is passed on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.transport import ssh as transport
from bootstrap.transport.dialogue import Dialogue
from bootstrap.transport.errors import HostLost, LoginRefused, Unreachable
from bootstrap.transport.shell import Shell
from tests.fake_host import wait_until
from tests.ssh.conftest import Connect
from tests.ssh.sshd import SSHD, Sshd, User, make_key

_PAM = Path("/etc/pam.d")
_GOING_DOWN = "System is going down. Unprivileged users are not permitted to log in anymore. See pam_nologin(8)."


def test_a_connection_that_dies_before_its_first_session_is_unreachable_and_worth_another_try(
    sshd: Sshd, free_user: User, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def logged_in_and_cut(self: transport.Ssh) -> object:
        connection: Any = opened(self)
        sshd.cut_connections()
        wait_until(lambda: not connection.is_connected)
        return connection

    opened = transport.Ssh.opened
    monkeypatch.setattr(transport.Ssh, "opened", logged_in_and_cut)
    with pytest.raises(Unreachable) as caught:
        connect(sshd.settings(free_user.name)).run("true", timeout_s=20)
    assert caught.value.again
    assert "before it opened a session" in caught.value.problem


def test_a_session_that_sshd_refuses_is_a_refused_login(
    tmp_path: Path, client_key: Path, free_user: User, connect: Connect
) -> None:
    server = Sshd(tmp_path / "server", client_key, extra="MaxSessions 0")
    try:
        with pytest.raises(LoginRefused, match="opens no session"):
            connect(server.settings(free_user.name)).run("true", timeout_s=20)
    finally:
        server.stop()


def test_a_connection_that_dies_under_a_script_is_not_opened_again_behind_its_back(
    sshd: Sshd, free_user: User, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = connect(sshd.settings(free_user.name))
    host.run("true", timeout_s=20)
    sshd.clear_log()
    start = Dialogue.begin

    def begun_and_cut(self: Dialogue, shell: Shell) -> None:
        start(self, shell)
        sshd.cut_connections()
        wait_until(lambda: not host._connection.is_connected)

    monkeypatch.setattr(Dialogue, "begin", begun_and_cut)
    with pytest.raises(HostLost):
        host.run("sleep 5", timeout_s=20)
    assert "Connection from" not in sshd.log


def test_a_server_that_has_heard_too_many_keys_is_quoted(
    tmp_path: Path, client_key: Path, free_user: User, connect: Connect
) -> None:
    server = Sshd(tmp_path / "server", client_key, extra="MaxAuthTries 1")
    try:
        wrong = make_key(tmp_path / "wrong")
        with pytest.raises(LoginRefused) as caught:
            connect(server.settings(free_user.name, key_path=wrong)).run("true", timeout_s=20)
    finally:
        server.stop()
    assert "Too many authentication failures" in caught.value.evidence


@pytest.fixture
def pam_sshd(tmp_path: Path, client_key: Path) -> Iterator[Sshd]:
    """An sshd whose PAM service is ours alone (named after the program, before OpenSSH 9.8): it heeds our nologin."""
    if SSHD.with_name("sshd-session").exists() or Path("/usr/lib/openssh/sshd-session").exists():
        pytest.skip("this OpenSSH has one PAM service for all")
    program = tmp_path / f"kbt-{tmp_path.name[-40:]}"
    program.symlink_to(SSHD)
    service = _PAM / program.name
    service.write_text(
        f"auth required pam_deny.so\naccount required pam_nologin.so file={tmp_path / 'nologin'}\n"
        "account required pam_permit.so\nsession required pam_permit.so\n"
    )
    try:
        server = Sshd(tmp_path / "server", client_key, extra="UsePAM yes", program=program)
        yield server
        server.stop()
    finally:
        service.unlink()


def test_a_host_that_is_going_down_says_so_and_is_worth_another_try(
    pam_sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    host = connect(pam_sshd.settings(free_user.name))
    assert host.run("echo in", timeout_s=20).text == "in\n"
    host.close()
    (tmp_path / "nologin").write_text(_GOING_DOWN + "\n")
    with pytest.raises(Unreachable) as caught:
        host.run("true", timeout_s=20)
    assert "starting up or going down" in caught.value.problem
    assert _GOING_DOWN in caught.value.evidence
    assert caught.value.again


def test_an_account_that_pam_refuses_is_a_closed_connection_with_the_way_to_find_out(
    pam_sshd: Sshd, free_user: User, connect: Connect
) -> None:
    (_PAM / pam_sshd.program.name).write_text("auth required pam_deny.so\naccount required pam_deny.so\n")
    with pytest.raises(Unreachable) as caught:
        connect(pam_sshd.settings(free_user.name)).run("true", timeout_s=20)
    assert "closes the connection while" in caught.value.problem
    assert "journalctl -u ssh" in caught.value.advice
    assert not caught.value.again
