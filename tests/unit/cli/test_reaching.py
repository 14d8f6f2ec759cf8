"""`kboot ssh`, `kubectl` and `hosts`: which ssh is started, and what is made of the hosts' keys."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bootstrap.cli import kubectl as kubectl_module
from bootstrap.cli import system_ssh
from bootstrap.cli.boundary import guarded
from bootstrap.cli.kubectl import remote_command
from bootstrap.cli.root import kboot
from bootstrap.cli.system_ssh import run_ssh, ssh_argv
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.transport import scan as scanning
from bootstrap.transport.errors import HostKeyUnknown, Unreachable
from bootstrap.transport.known_hosts import HostKey
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh import SshContext
from tests.unit.programs import put

KEY = HostKey("ssh-ed25519", b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + b"k" * 32)
OTHER = HostKey("ssh-ed25519", b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + b"o" * 32)
SETTINGS = SshSettings("192.0.2.1", 2222, "admin", Path("/keys/id"), known_hosts_path=Path("/keys/known_hosts"))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An inventory of two hosts in the current folder; keys are pinned in ./known_hosts."""
    (tmp_path / "id").touch(0o600)
    (tmp_path / "lab.yaml").write_text(
        "apiVersion: kboot/v1\ncluster: {addons: []}\nssh: {user: admin, key: id, knownHosts: known_hosts}\n"
        "hosts: [{name: cp1, address: 192.0.2.1, role: control-plane}, {name: w1, address: 192.0.2.2}]\n"
    )
    monkeypatch.chdir(tmp_path)
    (tmp_path / "known_hosts").touch()
    return tmp_path


def option(argv: tuple[str, ...], name: str) -> str | None:
    """The value of an -o option."""
    return next((word.removeprefix(f"{name}=") for word in argv if word.startswith(f"{name}=")), None)


def test_ssh_gets_what_the_inventory_says() -> None:
    argv = ssh_argv(SETTINGS)
    assert argv[0] == "ssh"
    assert argv[-1] == "192.0.2.1"
    assert option(argv, "Port") == "2222"
    assert option(argv, "User") == "admin"
    assert option(argv, "StrictHostKeyChecking") == "yes"
    assert option(argv, "IdentitiesOnly") == "yes"


def test_openssh_itself_reads_the_options_as_they_are_meant(tmp_path: Path) -> None:
    settings = SshSettings("192.0.2.1", 2222, "admin", Path("/keys of mine/id"), known_hosts_path=Path("/k h/known"))
    argv = ssh_argv(settings)
    read = subprocess.run([*argv[:-1], "-G", argv[-1]], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "identityfile /keys of mine/id\n" in read
    assert 'userknownhostsfile "/k h/known"\n' in read or "userknownhostsfile /k h/known\n" in read
    assert "port 2222\n" in read


def test_a_bastion_is_gone_through_with_its_own_options() -> None:
    bastion = SshSettings("198.51.100.7", 22, "jump", known_hosts_path=Path("/keys/known_hosts"))
    proxy = option(ssh_argv(SshSettings("192.0.2.1", bastion=bastion)), "ProxyCommand")
    assert proxy is not None
    words = shlex.split(proxy)
    assert words[:3] == ["ssh", "-W", "[%h]:%p"]
    assert words[-1] == "198.51.100.7"
    assert "User=jump" in words


def test_a_labs_host_is_reached_from_inside_its_network_namespace() -> None:
    proxy = option(ssh_argv(SshSettings("10.77.0.11", netns="/lab/netns")), "ProxyCommand")
    assert proxy is not None
    assert shlex.split(proxy)[-5:] == ["-m", "bootstrap.lab.connect", "/lab/netns", "%h", "%p"]


def test_without_ssh_on_this_machine_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(KbootError, match="KB1516"):
        ssh_argv(SETTINGS)


@pytest.mark.parametrize(("script", "code"), [("exit 7", 7), ("kill -9 $$", 137)])
def test_the_exit_code_is_passed_on(script: str, code: int) -> None:
    assert run_ssh(("sh", "-c", script)) == code


def test_ctrl_c_that_ssh_calls_a_failure_of_its_own_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches both processes; ours goes on waiting for ssh's end."""
    presses = [KeyboardInterrupt()]
    wait = subprocess.Popen.wait

    def pressed(self: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        if presses:
            raise presses.pop()
        return wait(self, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", pressed)
    assert run_ssh(("sh", "-c", "exit 255")) == 130


def recorded(monkeypatch: pytest.MonkeyPatch, ends_with: int) -> list[tuple[str, ...]]:
    """Every ssh that would have been started."""
    ran: list[tuple[str, ...]] = []

    def run(argv: tuple[str, ...]) -> int:
        ran.append(argv)
        return ends_with

    monkeypatch.setattr(system_ssh, "run_ssh", run)
    return ran


def test_kboot_ssh_passes_the_command_and_its_options_on(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = recorded(monkeypatch, ends_with=3)
    assert guarded(kboot, ["ssh", "w1", "journalctl", "-u", "kubelet", "-n", "5"]) == 3
    assert ran[0][-6:] == ("192.0.2.2", "journalctl", "-u", "kubelet", "-n", "5")


@pytest.mark.parametrize("command", [["ssh", "cp1"], ["kubectl", "get", "nodes"]])
@pytest.mark.parametrize(
    ("error", "code"), [(Unreachable("cp1", "it refuses connections"), 4), (HostKeyUnknown("cp1", "no key"), 5)]
)
def test_a_failure_of_ssh_itself_is_told_as_kboot_tells_it(  # noqa: PLR0917
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    error: Unreachable | HostKeyUnknown,
    code: int,
) -> None:
    def log_in(*_: object) -> None:
        raise error

    recorded(monkeypatch, ends_with=255)
    monkeypatch.setattr(system_ssh, "_log_in", log_in)
    assert guarded(kboot, command) == code
    assert f"{error.code} cp1: {error.problem}" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["plan", "up"], ["ssh", "cp1"], ["kubectl", "get", "nodes"]])
@pytest.mark.parametrize(("option", "advised"), [([], ""), (["-i", "my lab.yaml"], " -i 'my lab.yaml'")])
def test_what_is_advised_for_a_refused_key_names_the_inventory_that_was_named(  # noqa: PLR0917
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    option: list[str],
    advised: str,
) -> None:
    def offering(self: SshContext, host: str, settings: SshSettings) -> None:
        self.host_keys.accept(host, settings, KEY)

    shutil.copy("lab.yaml", "my lab.yaml")
    recorded(monkeypatch, ends_with=255)
    monkeypatch.setattr(SshContext, "connect", offering)
    assert guarded(kboot, [command[0], *option, *command[1:]]) == 5
    assert f"then run `kboot hosts trust{advised} cp1`." in capsys.readouterr().err


def test_kboot_ssh_to_nobody_suggests_who_is_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["ssh", "w11"]) == 2
    assert 'did you mean "w1"?' in capsys.readouterr().err


LACKING = KbootError(Code.STEP_MISSING, "no control plane here yet", where="cp1", exit_code=ExitCode.REFUSED)


def on_a_control_plane(line: str, folder: Path, **programs: str) -> "subprocess.CompletedProcess[str]":
    """Run the line where these programs and admin.conf are."""
    for name, body in programs.items():
        put(folder, name, body)
    (folder / "admin.conf").touch()
    line = line.replace(kubectl_module.ADMIN_CONF, str(folder / "admin.conf"))
    return in_a_shell(line, {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})


def in_a_shell(line: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_kubectl_words_survive_two_shells(tmp_path: Path) -> None:
    arguments = ("get", "pods", "-l", "app in (a, b)", "-o", "jsonpath={.items[*].metadata['name']}")
    line = remote_command(arguments, root=True, context="lab", lacking=LACKING)
    told = on_a_control_plane(line, tmp_path, kubectl='for word; do printf "%s\\n" "$word"; done')
    assert told.stdout.splitlines() == ["--kubeconfig", str(tmp_path / "admin.conf"), *arguments]


def test_where_sudo_wants_a_password_kubectl_takes_the_users_own_kubeconfig(tmp_path: Path) -> None:
    line = remote_command(("get", "nodes"), root=False, context="lab", lacking=LACKING)
    told = on_a_control_plane(line, tmp_path, kubectl='echo "$@"', sudo="exit 1")
    assert told.stdout == "--context lab get nodes\n"


def test_where_no_control_plane_is_kubectl_is_not_asked() -> None:
    told = in_a_shell(remote_command(("get", "nodes"), root=True, context="lab", lacking=LACKING), dict(os.environ))
    assert told.returncode == ExitCode.REFUSED
    assert told.stderr.startswith("kboot: KB1401 cp1: no control plane here yet")


def test_what_is_advised_where_no_control_plane_is_names_the_inventory_that_was_named(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = recorded(monkeypatch, ends_with=6)
    guarded(kboot, ["kubectl", "-i", "lab.yaml", "get", "nodes"])
    assert "`kboot init-master -i lab.yaml`, or `kboot up -i lab.yaml`" in ran[0][-1]


def test_kboot_kubectl_goes_through_the_first_control_plane(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = recorded(monkeypatch, ends_with=1)
    assert guarded(kboot, ["kubectl", "get", "pods", "-A", "-o", "wide"]) == 1
    assert ran[0][-2] == "192.0.2.1"
    assert "get pods -A -o wide" in ran[0][-1]
    assert "-T" in ran[0]


def offer(monkeypatch: pytest.MonkeyPatch, keys: dict[str, HostKey]) -> None:
    """Hosts that offer these keys; the others do not answer."""

    def scan(host: str, settings: SshSettings, **_: object) -> HostKey:
        if host not in keys:
            raise Unreachable(host, f"{settings.address} refuses connections")
        return keys[host]

    monkeypatch.setattr(scanning, "scan", scan)


def test_scan_shows_each_key_and_exits_5_for_unknown_ones(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    offer(monkeypatch, {"cp1": KEY, "w1": OTHER})
    assert guarded(kboot, ["hosts", "scan"]) == 5
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in shown] == [["cp1", "unknown"], ["w1", "unknown"]]
    assert KEY.fingerprint in shown[0]


def test_trust_pins_what_is_new_and_then_scan_is_content(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, {"cp1": KEY, "w1": OTHER})
    assert guarded(kboot, ["hosts", "trust", "--yes"]) == 0
    assert guarded(kboot, ["hosts", "scan"]) == 0
    assert len((here / "known_hosts").read_text().splitlines()) == 2


def test_trust_asks_first_and_writes_nothing_when_nobody_answers(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, {"cp1": KEY})
    assert guarded(kboot, ["hosts", "trust", "cp1", "--no-input"]) == 14
    assert (here / "known_hosts").read_text() == ""


def test_trust_never_replaces_a_changed_key(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "known_hosts").write_text(KEY.line("192.0.2.1") + "\n")
    offer(monkeypatch, {"cp1": OTHER})
    assert guarded(kboot, ["hosts", "trust", "cp1", "--yes"]) == 5
    assert (here / "known_hosts").read_text() == KEY.line("192.0.2.1") + "\n"


def test_trust_says_why_a_changed_key_is_left_out_and_how_it_is_mended(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "known_hosts").write_text(KEY.line("192.0.2.1") + "\n")
    offer(monkeypatch, {"cp1": OTHER, "w1": KEY})
    assert guarded(kboot, ["hosts", "trust", "--yes", "-i", "lab.yaml"]) == 5
    printed = capsys.readouterr()
    assert printed.out.startswith("w1: trusted ")
    assert printed.err.splitlines()[-1] == (
        "cp1: not trusted, its key is changed. If the host was reinstalled: "
        f"`ssh-keygen -f {here}/known_hosts -R '192.0.2.1'`, then `kboot hosts trust -i lab.yaml cp1`."
    )


def test_a_revoked_key_is_not_mended_by_ssh_keygen_which_leaves_such_lines(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "known_hosts").write_text(f"@revoked {KEY.line('*')}\n")
    offer(monkeypatch, {"cp1": KEY})
    assert guarded(kboot, ["hosts", "trust", "cp1", "--yes"]) == 5
    assert "its key is revoked. Make new keys on the host's console: `sudo rm /etc/ssh/" in capsys.readouterr().err


def test_a_host_that_is_silent_is_told_beside_the_others(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "known_hosts").write_text(KEY.line("192.0.2.1") + "\n")
    offer(monkeypatch, {"cp1": KEY})
    assert guarded(kboot, ["hosts", "scan", "-o", "json"]) == 8
    records = {record["host"]: record for record in json.loads(capsys.readouterr().out)["hosts"]}
    assert records["cp1"]["verdict"] == "known"
    assert "refuses" in records["w1"]["error"]
    assert guarded(kboot, ["hosts", "scan", "w1"]) == 4
