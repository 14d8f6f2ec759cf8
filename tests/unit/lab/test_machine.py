"""What the lab asks of its machine."""

from pathlib import Path

import pytest

from bootstrap.lab import inotify, machine
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


def test_without_root_it_says_so_and_names_what_else_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(machine, "missing_packages", lambda: ("mmdebstrap", "systemd-container"))

    with pytest.raises(KbootError, match="needs root") as refused:
        machine.require_root()

    assert "mmdebstrap, systemd-container" in refused.value.problem
    assert refused.value.exit_code == ExitCode.USAGE


def test_missing_programs_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda tool, path: None if tool in {"ssh", "ssh-keygen"} else "/bin/x")
    monkeypatch.setattr(machine, "KEYRING", Path("/"))

    assert machine.missing_packages() == ("openssh-client",)


def test_missing_packages_are_installed_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    ran: list[list[str]] = []
    monkeypatch.setattr(machine, "missing_packages", lambda _tools: ("mmdebstrap",))
    monkeypatch.setattr(machine, "run", lambda argv, **_: ran.append(argv))

    machine.ensure_tools(said.append)

    assert said == ["installing on this machine: mmdebstrap"]
    assert ran[-1][-5:] == ["apt-get", "install", "--yes", "--no-install-recommends", "mmdebstrap"]


def test_what_apt_cannot_install_is_named_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(argv: list[str], **_: object) -> None:
        raise KbootError(Code.LAB_COMMAND_FAILED, "exit 100", evidence="E: Unable to locate package mmdebstrap")

    monkeypatch.setattr(machine, "missing_packages", lambda _tools: ("mmdebstrap",))
    monkeypatch.setattr(machine, "run", fails)

    with pytest.raises(KbootError, match="lacks mmdebstrap") as refused:
        machine.ensure_tools(lambda line: None)

    assert refused.value.code == Code.LAB_TOOL_MISSING
    assert "Unable to locate" in refused.value.evidence


def test_a_machine_without_room_is_refused_before_a_host_fails_to_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inotify, "can_hold", lambda instances: instances <= 2 * inotify.PER_HOST)

    inotify.require_room(2)
    with pytest.raises(KbootError, match="inotify") as refused:
        inotify.require_room(3)

    assert refused.value.code == Code.LAB_NO_ROOM
    assert refused.value.exit_code == ExitCode.REFUSED


def test_asking_for_room_keeps_none() -> None:
    assert all(inotify.can_hold(1) for _ in range(300))


def test_a_machine_that_has_all_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "missing_packages", lambda _tools: ())
    monkeypatch.setattr(machine, "run", lambda argv, **_: pytest.fail("nothing to install"))

    machine.ensure_tools(pytest.fail)
