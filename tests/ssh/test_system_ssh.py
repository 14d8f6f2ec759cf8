"""`kboot ssh` and `kboot kubectl` through the system's ssh: its own failures, and a command's 255, told apart."""

import shutil
from pathlib import Path

import pytest

from bootstrap.cli.system_ssh import run_there
from bootstrap.model.exit_code import ExitCode
from bootstrap.transport.errors import HostKeyChanged, HostKeyUnknown, LoginRefused, TransportError, Unreachable
from bootstrap.transport.settings import SshSettings
from tests.ssh.sshd import Sshd, User, free_port, make_key

pytestmark = pytest.mark.skipif(shutil.which("ssh") is None, reason="needs openssh-client")


def failure_of(settings: SshSettings) -> TransportError:
    with pytest.raises(TransportError) as caught:
        run_there("node-1", settings, ("true",))
    return caught.value


@pytest.mark.parametrize("code", [0, 7, 255])
def test_the_exit_code_of_the_command_is_passed_on_by_one_connection(sshd: Sshd, free_user: User, code: int) -> None:
    sshd.clear_log()
    assert run_there("node-1", sshd.settings(free_user.name), (f"exit {code}",)) == code
    assert sshd.log.count("Connection from") == 1


def test_a_port_where_nobody_listens_is_exit_4(sshd: Sshd, free_user: User) -> None:
    error = failure_of(sshd.settings(free_user.name, port=free_port()))
    assert isinstance(error, Unreachable)
    assert (error.host, error.exit_code) == ("node-1", ExitCode.NO_HOST)


def test_a_login_that_is_refused_is_exit_4(sshd: Sshd, free_user: User, tmp_path: Path) -> None:
    error = failure_of(sshd.settings(free_user.name, key_path=make_key(tmp_path / "wrong")))
    assert isinstance(error, LoginRefused)
    assert error.exit_code == ExitCode.NO_HOST


def test_an_unknown_host_key_is_exit_5(sshd: Sshd, free_user: User, tmp_path: Path) -> None:
    error = failure_of(sshd.settings(free_user.name, known_hosts_path=tmp_path / "none"))
    assert isinstance(error, HostKeyUnknown)
    assert error.exit_code == ExitCode.KEY_REFUSED


def test_a_changed_host_key_is_exit_5(sshd: Sshd, free_user: User, tmp_path: Path) -> None:
    sshd.trust(make_key(tmp_path / "another"))
    try:
        error = failure_of(sshd.settings(free_user.name))
    finally:
        sshd.trust()
    assert isinstance(error, HostKeyChanged)
    assert error.exit_code == ExitCode.KEY_REFUSED


def test_a_bastion_that_refuses_is_told_as_kboot_tells_it(sshd: Sshd, free_user: User) -> None:
    bastion = sshd.settings(free_user.name, known_hosts_path=Path("/nonexistent/known_hosts"))
    error = failure_of(sshd.settings(free_user.name, bastion=bastion))
    assert isinstance(error, HostKeyUnknown)
    assert "bastion 127.0.0.1" in error.problem
