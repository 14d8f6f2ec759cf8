"""Who gets in, and what the server learns of us before."""

from pathlib import Path

import pytest

from bootstrap.model.text import Secret
from bootstrap.transport.errors import (
    HostKeyChanged,
    HostKeyUnknown,
    LoginRefused,
    SudoRefused,
    TransportError,
    Unreachable,
)
from bootstrap.transport.settings import SshSettings
from tests.ssh.conftest import Connect
from tests.ssh.sshd import Sshd, User, free_port, make_key


def refusal_of(connect: Connect, settings: SshSettings, *, root: bool = True) -> TransportError:
    with pytest.raises(TransportError) as caught:
        connect(settings).run("true", timeout_s=20, root=root)
    return caught.value


def test_a_script_runs_as_root_by_sudo(sshd: Sshd, free_user: User, connect: Connect) -> None:
    done = connect(sshd.settings(free_user.name)).run("id -un; umask; echo $LC_ALL $HOME; pwd; exit 3", timeout_s=20)
    assert (done.exit_code, done.text.split(), done.stderr) == (3, ["root", "0077", "C", "/root", "/"], "")


def test_a_script_runs_as_the_login_user_where_root_is_not_asked(
    sshd: Sshd, plain_user: User, connect: Connect
) -> None:
    done = connect(sshd.settings(plain_user.name)).run("id -un; echo $HOME", timeout_s=20, root=False)
    assert done.text.split() == [plain_user.name, str(plain_user.home)]


def test_a_root_login_needs_no_sudo(sshd: Sshd, connect: Connect) -> None:
    assert connect(sshd.settings("root")).run("id -un; echo ${SUDO_USER-none}", timeout_s=20).text == "root\nnone\n"


def test_an_unknown_host_key_is_refused_before_any_credential(sshd: Sshd, free_user: User, connect: Connect) -> None:
    sshd.clear_log()
    refused = refusal_of(connect, sshd.settings(free_user.name, known_hosts_path=Path("/nonexistent/known_hosts")))
    assert isinstance(refused, HostKeyUnknown)
    assert "kboot hosts trust node-1" in refused.advice
    assert "SHA256:" in refused.evidence
    assert_no_login_was_tried(sshd)


def test_a_changed_host_key_is_refused_before_any_credential(
    sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    sshd.trust(make_key(tmp_path / "another"))
    sshd.clear_log()
    try:
        refused = refusal_of(connect, sshd.settings(free_user.name))
        accepting = refusal_of(connect, sshd.settings(free_user.name, host_key_policy="accept-new"))
    finally:
        sshd.trust()
    assert isinstance(refused, HostKeyChanged)
    assert isinstance(accepting, HostKeyChanged)
    assert f"ssh-keygen -f {sshd.known_hosts} -R '[127.0.0.1]:{sshd.port}'" in refused.advice
    assert_no_login_was_tried(sshd)


def test_a_revoked_host_key_is_refused(sshd: Sshd, free_user: User, connect: Connect) -> None:
    line = sshd.known_hosts.read_text()
    sshd.known_hosts.write_text(f"{line}@revoked * {' '.join(line.split()[1:])}\n")
    try:
        refused = refusal_of(connect, sshd.settings(free_user.name))
    finally:
        sshd.trust()
    assert isinstance(refused, HostKeyChanged)
    assert "revoked" in refused.problem


def test_accept_new_pins_the_key_for_the_next_time(
    sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    path = tmp_path / "fresh" / "known_hosts"
    connect(sshd.settings(free_user.name, known_hosts_path=path, host_key_policy="accept-new")).run(
        "true", timeout_s=20
    )
    assert path.read_text() == sshd.known_hosts.read_text()
    assert connect(sshd.settings(free_user.name, known_hosts_path=path)).run("true", timeout_s=20).exit_code == 0


def test_the_key_type_that_is_known_is_asked_for(
    tmp_path: Path, client_key: Path, free_user: User, connect: Connect
) -> None:
    rsa = make_key(tmp_path / "rsa", "rsa")
    server = Sshd(tmp_path / "server", client_key, extra=f"HostKey {rsa}")
    try:
        server.trust(rsa)
        assert connect(server.settings(free_user.name)).run("true", timeout_s=20).exit_code == 0
    finally:
        server.stop()


def test_a_wrong_key_is_refused_after_one_try(sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path) -> None:
    sshd.clear_log()
    refused = refusal_of(connect, sshd.settings(free_user.name, key_path=make_key(tmp_path / "wrong"), patience_s=5.0))
    assert isinstance(refused, LoginRefused)
    assert "authorized_keys" in refused.advice
    assert sshd.log.count("Connection from") == 1


def test_a_key_file_that_is_missing_is_named_without_calling_the_server(
    sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    sshd.clear_log()
    refused = refusal_of(connect, sshd.settings(free_user.name, key_path=tmp_path / "none"))
    assert isinstance(refused, LoginRefused)
    assert str(tmp_path / "none") in refused.problem
    assert "Connection from" not in sshd.log


def test_a_port_without_a_server_is_unreachable(sshd: Sshd, free_user: User, connect: Connect) -> None:
    port = free_port()
    refused = refusal_of(connect, sshd.settings(free_user.name, port=port))
    assert isinstance(refused, Unreachable)
    assert refused.problem == f"127.0.0.1 port {port} refuses connections"


def test_a_name_that_does_not_resolve_is_said_so(sshd: Sshd, connect: Connect) -> None:
    refused = refusal_of(connect, sshd.settings("root", address="no-such-host.invalid"))
    assert isinstance(refused, Unreachable)
    assert "no-such-host.invalid does not resolve" in refused.problem


def test_sudo_with_the_right_password_makes_root(sshd: Sshd, asked_user: User, connect: Connect) -> None:
    connection = connect(sshd.with_password(asked_user))
    done = [connection.run("id -un", timeout_s=20) for _ in range(2)]
    assert [(one.text, one.stderr) for one in done] == [("root\n", "")] * 2


def test_a_password_that_sudo_does_not_ask_for_is_not_sent(sshd: Sshd, free_user: User, connect: Connect) -> None:
    done = connect(sshd.with_password(free_user)).run("id -un", timeout_s=20)
    assert (done.text, done.stderr) == ("root\n", "")


def test_a_wrong_sudo_password_is_tried_once(sshd: Sshd, asked_user: User, connect: Connect) -> None:
    refused = refusal_of(connect, sshd.settings(asked_user.name, sudo_password=Secret("wrong-one")))
    assert isinstance(refused, SudoRefused)
    assert refused.problem == "sudo does not accept the password"
    assert "wrong-one" not in f"{refused} {refused.evidence}"


def test_sudo_that_would_ask_is_refused_at_once_without_a_password(
    sshd: Sshd, asked_user: User, connect: Connect
) -> None:
    refused = refusal_of(connect, sshd.settings(asked_user.name))
    assert isinstance(refused, SudoRefused)
    assert "password is required" in refused.evidence


def test_a_user_without_sudo_rights_is_refused(sshd: Sshd, plain_user: User, connect: Connect) -> None:
    refused = refusal_of(connect, sshd.with_password(plain_user))
    assert isinstance(refused, SudoRefused)
    assert "not in the sudoers file" in refused.evidence


def test_a_program_that_prints_a_password_prompt_does_not_get_the_password(
    sshd: Sshd, asked_user: User, connect: Connect
) -> None:
    bait = (
        f"printf '[sudo] password for {asked_user.name}: ' >&2; printf 'Password: ' >&2\n"
        "read -r answer && echo got:$answer\necho end"
    )
    done = connect(sshd.with_password(asked_user)).run(bait, timeout_s=20)
    assert done.text == "end\n"
    assert asked_user.password not in f"{done.text} {done.stderr}"


def test_a_login_shell_that_asks_for_a_password_does_not_get_it(sshd: Sshd, asked_user: User, connect: Connect) -> None:
    loot = asked_user.home / "loot"
    asked_user.write(".bashrc", f"printf 'Password: ' >&2; read -r -t 2 answer && echo $answer >{loot}\nset -x\n")
    try:
        done = connect(sshd.with_password(asked_user)).run("id -un", timeout_s=20)
    finally:
        asked_user.write(".bashrc", "")
    assert (done.text, done.stderr) == ("root\n", "")
    assert not loot.exists()


def assert_no_login_was_tried(sshd: Sshd) -> None:
    assert "Connection from" in sshd.log
    assert "userauth-request" not in sshd.log
    assert "service-request" not in sshd.log


def test_a_connection_that_was_begun_early_is_one_login(sshd: Sshd, free_user: User, connect: Connect) -> None:
    host = connect(sshd.settings(free_user.name))
    sshd.clear_log()
    host.begin()
    assert host.run("echo in", timeout_s=20).text == "in\n"
    assert sshd.log.count("Accepted publickey") == 1


def test_a_login_that_was_begun_early_and_refused_is_tried_once(
    sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    host = connect(sshd.settings(free_user.name, key_path=make_key(tmp_path / "wrong")))
    sshd.clear_log()
    host.begin()
    with pytest.raises(LoginRefused):
        host.run("echo in", timeout_s=20)
    assert sshd.log.count("Connection from") == 1
