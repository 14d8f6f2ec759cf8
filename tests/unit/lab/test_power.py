"""The power button, pressed at a supervisor whose host is a shell."""

import json
import subprocess

import pytest

from bootstrap.lab import daemon, power
from bootstrap.lab.state import HostState, LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.programs import runs


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of shutting down is over at once."""
    monkeypatch.setattr(power, "SHUTDOWN_TIMEOUT_S", 0.2)
    monkeypatch.setattr(daemon, "END_TIMEOUT_S", 1.0)


def booted(lab: LabState, host: HostState) -> float:
    """Switched on and booted; when."""
    power.switch_on(lab, host)
    assert daemon.until(lambda: power.first_process(host) is not None, 30), host.console.read_text()
    at = power.boot_time(host)
    assert at is not None
    return at


def test_a_host_is_off_until_it_is_switched_on(lab: LabState, host: HostState) -> None:
    assert (power.has_power(host), power.boot_time(host), power.first_process(host)) == (False, None, None)
    booted(lab, host)
    assert power.has_power(host)
    assert host.power.read_text() == "on"


def test_a_host_that_runs_is_left_alone_by_another_switch_on(lab: LabState, host: HostState) -> None:
    at, supervisor = booted(lab, host), host.lock.read_text()
    power.switch_on(lab, host)
    assert (power.boot_time(host), host.lock.read_text()) == (at, supervisor)


def test_a_host_that_cannot_boot_does_not_hold_the_command_up_and_says_why(lab: LabState, host: HostState) -> None:
    (host.folder / "breaks").touch()
    power.switch_on(lab, host)
    assert not power.has_power(host)
    assert host.console.read_text() == "no such kernel\n"


def test_a_host_shuts_down_in_order(lab: LabState, host: HostState) -> None:
    booted(lab, host)
    power.switch_off(host)
    assert not power.has_power(host)
    assert "ended in order: 0" in host.console.read_text()
    assert host.power.read_text() == "off"


def test_a_host_that_does_not_shut_down_loses_its_power(lab: LabState, host: HostState, impatient: None) -> None:
    (host.folder / "deaf").touch()
    booted(lab, host)
    power.switch_off(host)
    assert not power.has_power(host)
    assert "in order" not in host.console.read_text()


def test_switching_off_what_is_off_changes_nothing(host: HostState) -> None:
    power.switch_off(host)
    assert not power.has_power(host)
    assert not host.console.exists()


def test_a_reboot_is_over_when_the_next_boot_has_begun_under_the_same_supervisor(
    lab: LabState, host: HostState
) -> None:
    first, supervisor = booted(lab, host), host.lock.read_text()
    power.reboot(lab, host)
    second = power.boot_time(host)
    assert second is not None
    assert second > first
    assert host.lock.read_text() == supervisor


def test_a_host_that_does_not_heed_a_reboot_is_switched_off_and_on(
    lab: LabState, host: HostState, impatient: None
) -> None:
    (host.folder / "deaf").touch()
    booted(lab, host)
    supervisor = host.lock.read_text()
    power.reboot(lab, host)
    assert power.has_power(host)
    assert host.lock.read_text() != supervisor
    assert host.power.read_text() == "on"


def test_a_host_that_is_off_is_switched_on_by_a_reboot(lab: LabState, host: HostState) -> None:
    power.reboot(lab, host)
    assert power.has_power(host)


def test_pulling_the_plug_ends_a_supervisor_that_heeds_nothing(lab: LabState, host: HostState, impatient: None) -> None:
    (host.folder / "ignores-sigterm").touch()
    booted(lab, host)
    inside = power.first_process(host)
    power.cut(host)
    assert not power.has_power(host)
    assert daemon.until(lambda: not runs(inside), 30), "the host ends with its supervisor"


def test_a_supervisor_that_does_not_end_is_an_error_with_the_hosts_name(
    host: HostState, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as never:
        never.setattr(daemon, "end", lambda _lock: False)
        with pytest.raises(KbootError) as left:
            power.cut(host)
    assert (left.value.code, left.value.where) == (Code.LAB_LEFTOVER, "w1")


def test_the_plug_of_a_host_that_never_was_leaves_no_folder(lab: LabState) -> None:
    power.cut(lab.host("w9"))
    assert not lab.folder.exists()


@pytest.mark.parametrize("ends", [False, True], ids=["without a child", "ended"])
def test_a_host_between_two_boots_has_no_first_process(lab: LabState, host: HostState, ends: bool) -> None:
    booted(lab, host)
    with subprocess.Popen(["sleep", "20"]) as nspawn:
        if ends:
            nspawn.kill()
            nspawn.wait()
        host.boot.write_text(json.dumps({"nspawn": nspawn.pid, "at": 1.0}))
        assert power.first_process(host) is None
        assert not power.signal_host(host, 15)
        nspawn.kill()


def test_a_host_whose_first_boot_is_not_written_down_yet_is_not_on(lab: LabState, host: HostState) -> None:
    booted(lab, host)
    host.boot.unlink()
    assert (power.has_power(host), power.boot_time(host)) == (True, None)
