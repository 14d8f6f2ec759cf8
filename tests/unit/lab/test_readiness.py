"""Whether a host lets its admin in, as `lab up` waits for it and `lab status` says it."""

import json
import time
from pathlib import Path

import pytest

from bootstrap.lab import daemon, power, readiness
from bootstrap.lab.readiness import HostStatus, host_status, memory_bytes, wait_for_ssh
from bootstrap.lab.state import HostState, LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.programs import put


def _running(lab: LabState, host: HostState) -> None:
    power.switch_on(lab, host)
    assert daemon.until(lambda: power.first_process(host) is not None, 30)


def test_a_host_that_boots_is_waited_for_until_it_lets_its_admin_in(
    lab: LabState, host: HostState, programs: Path
) -> None:
    _running(lab, host)
    put(programs, "ssh", f'echo . >>{programs}/tries; [ "$(wc -l <{programs}/tries)" -ge 3 ]')
    wait_for_ssh(lab, "w1")
    assert (programs / "tries").read_text() == ".\n" * 3


def test_a_host_that_goes_off_while_it_boots_is_told_with_its_consoles_last_lines(
    lab: LabState, host: HostState, programs: Path
) -> None:
    put(programs, "ssh", "exit 255")
    (host.folder / "breaks").touch()
    power.switch_on(lab, host)
    with pytest.raises(KbootError) as silent:
        wait_for_ssh(lab, "w1")
    assert silent.value.code == Code.LAB_HOST_SILENT
    assert silent.value.problem == "the host went off while it booted"
    assert silent.value.evidence == "no such kernel"
    assert str(host.console) in silent.value.advice


def test_a_host_without_a_login_after_its_boot_is_told_so(lab: LabState, host: HostState, programs: Path) -> None:
    put(programs, "ssh", "exit 255")
    _running(lab, host)
    with pytest.raises(KbootError, match="no ssh login after its boot") as silent:
        wait_for_ssh(lab, "w1", timeout_s=0)
    assert silent.value.where == "w1"


@pytest.mark.parametrize(("answer", "state"), [(0, "up"), (255, "booting")])
def test_a_host_that_runs_is_up_once_its_admin_gets_in(
    lab: LabState, host: HostState, programs: Path, answer: int, state: str
) -> None:
    put(programs, "ssh", f"exit {answer}")
    _running(lab, host)
    record = json.loads(host.boot.read_text())
    host.boot.write_text(json.dumps({**record, "at": time.time() - 3600}))
    found = host_status(lab, "w1", "10.77.0.12")
    assert (found.state, found.memory_bytes) == (state, None)
    assert found.uptime_s is not None
    assert 3600 <= found.uptime_s < 3700


def test_a_host_that_is_off_is_asked_nothing(lab: LabState, host: HostState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "lets_in", lambda *_: pytest.fail("asked"))
    assert host_status(lab, "w1", "10.77.0.12") == HostStatus("w1", "10.77.0.12", "off", None, None)


@pytest.mark.parametrize(
    ("usage", "inactive", "bytes_"),
    [
        ("memory.usage_in_bytes", "total_inactive_file 400", 600),
        ("memory.current", "inactive_file 400", 600),
        ("memory.current", "anon 7", 1000),
        ("memory.current", "inactive_file 4000", 0),
    ],
)
def test_memory_is_counted_as_kubelet_counts_it(host: HostState, usage: str, inactive: str, bytes_: int) -> None:
    group = host.folder / "kboot-lab-lab" / "w1"
    group.mkdir(parents=True)
    (group / usage).write_text("1000\n")
    (group / "memory.stat").write_text(f"cache 1\n{inactive}\n")
    empty = host.folder / "kboot-lab-lab" / "w2"
    host.cgroups.write_text(f"{empty}\n{group}\n")
    assert memory_bytes(host) == bytes_
    host.cgroups.unlink()


def test_a_host_in_no_group_that_counts_memory_has_no_number(host: HostState) -> None:
    host.cgroups.write_text(f"{host.folder}/kboot-lab-lab/w1\n")
    assert memory_bytes(host) is None
    host.cgroups.unlink()
