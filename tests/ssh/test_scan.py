"""Host keys without a login."""

from pathlib import Path

from bootstrap.transport.scan import scan, trust
from tests.ssh.conftest import Connect
from tests.ssh.sshd import Sshd, User, run


def test_a_scan_shows_the_key_in_one_connection_without_logging_in(sshd: Sshd) -> None:
    sshd.clear_log()
    key = scan("node-1", sshd.settings("nobody", known_hosts_path=Path("/nonexistent/known_hosts")))
    assert key.fingerprint == run("ssh-keygen", "-lf", str(sshd.host_key)).split()[1]
    assert sshd.log.count("Connection from") == 1
    assert "userauth-request" not in sshd.log


def test_a_trusted_key_lets_the_strict_policy_pass(
    sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    settings = sshd.settings(free_user.name, known_hosts_path=tmp_path / "known_hosts")
    assert trust(settings, scan("node-1", settings))
    assert not trust(settings, scan("node-1", settings))
    assert len(settings.known_hosts.read_text().splitlines()) == 1
    assert connect(settings).run("echo in", timeout_s=20).text == "in\n"


def test_plain_ssh_agrees_with_the_pinned_line(sshd: Sshd, free_user: User, tmp_path: Path) -> None:
    settings = sshd.settings(free_user.name, known_hosts_path=tmp_path / "known_hosts")
    trust(settings, scan("node-1", settings))
    options = [f"-oUserKnownHostsFile={settings.known_hosts}", "-oBatchMode=yes", "-oStrictHostKeyChecking=yes"]
    login = ["-F/dev/null", "-i", str(sshd.client_key), "-p", str(sshd.port), f"{free_user.name}@127.0.0.1"]
    assert run("ssh", *options, *login, "echo in") == "in\n"
