"""When a supervisor boots its host again; its boots themselves are proved on lab hosts."""

import sys
from pathlib import Path

import pytest

from bootstrap.lab import daemon, supervisor
from bootstrap.lab.nspawn import REBOOT_STATUS
from bootstrap.lab.spec import HostSpec, LabSpec
from bootstrap.lab.state import HostState, LabState
from bootstrap.model.error import KbootError

SPEC = LabSpec("lab").with_hosts(2)


@pytest.fixture
def boots(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses with which the host's lives end, one after the other; no mounts are made for them."""
    statuses: list[int] = []

    def boot(_lab: LabState, _state: HostState, _spec: LabSpec, _host: HostSpec) -> int:
        return statuses.pop(0)

    monkeypatch.setattr(supervisor, "boot", boot)
    monkeypatch.setattr(supervisor, "_own_mounts", lambda: None)
    return statuses


@pytest.mark.parametrize(
    ("ends", "power", "lives"),
    [
        ([REBOOT_STATUS, REBOOT_STATUS, 0, 1], "on", 3),
        ([1, 2], "on", 1),
        ([REBOOT_STATUS, 7], "off", 1),
    ],
    ids=["it reboots twice and goes off", "it breaks", "it was switched off while it rebooted"],
)
def test_a_host_is_booted_again_where_it_reboots_and_nobody_switched_it_off(
    boots: list[int], host: HostState, ends: list[int], power: str, lives: int
) -> None:
    boots += ends
    host.power.write_text(power)
    supervisor.supervise(LabState(host.folder), host, SPEC, SPEC.hosts[1])
    assert boots == ends[lives:]


def test_its_groups_go_with_the_host_however_it_ends(
    boots: list[int], host: HostState, lab: LabState, tmp_path: Path
) -> None:
    group = tmp_path / "kboot-lab-lab" / "w1"
    group.mkdir(parents=True)
    host.cgroups.write_text(f"{group}\n")
    with pytest.raises(IndexError):  # a boot that breaks
        supervisor.supervise(lab, host, SPEC, SPEC.hosts[1])
    assert not group.exists()


def _started(lab: LabState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["supervisor", str(lab.folder), "w1"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    supervisor.main()


def test_a_supervisor_boots_the_host_that_it_was_started_for(
    host: HostState, lab: LabState, monkeypatch: pytest.MonkeyPatch
) -> None:
    booted: list[str] = []
    monkeypatch.setattr(supervisor, "supervise", lambda _lab, _state, _spec, spec: booted.append(spec.name))
    lab.save(SPEC)
    monkeypatch.setattr(daemon, "hold", lambda _lock: True)
    _started(lab, monkeypatch)
    assert booted == ["w1"]


def test_a_second_supervisor_of_a_host_boots_nothing(
    host: HostState, lab: LabState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "supervise", lambda *_: pytest.fail("booted twice"))
    lab.save(SPEC)
    monkeypatch.setattr(daemon, "hold", lambda _lock: False)
    _started(lab, monkeypatch)


def test_a_supervisor_without_a_lab_ends_with_the_labs_name(
    host: HostState, lab: LabState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "hold", lambda _lock: True)
    with pytest.raises(KbootError, match="no lab named 'lab'"):
        _started(lab, monkeypatch)
