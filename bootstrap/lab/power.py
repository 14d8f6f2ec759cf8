"""The power button of each host, and what its lamp shows."""

import json
import signal
from pathlib import Path

from bootstrap.lab import cgroups, daemon
from bootstrap.lab.state import OFF, ON, HostState, LabState, write_atomically
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

SHUTDOWN_TIMEOUT_S = 60.0
# systemd(1), "Signals": what a power key and Ctrl-Alt-Del mean to process 1.
POWEROFF_SIGNAL = signal.SIGRTMIN + 4
REBOOT_SIGNAL = signal.SIGRTMIN + 5


def has_power(state: HostState) -> bool:
    """Whether the host's supervisor lives."""
    return daemon.lives(state.lock)


def switch_on(lab: LabState, state: HostState) -> None:
    """Starts the host's supervisor unless it lives; returns before the host has booted."""
    write_atomically(state.power, ON, 0o600)
    if has_power(state):
        return
    state.boot.unlink(missing_ok=True)
    words = (str(lab.folder), state.name)
    daemon.start("bootstrap.lab.supervisor", words, lock=state.lock, log=state.console)


def switch_off(state: HostState) -> None:
    """Orderly: systemd stops what runs. A host that does not end in a minute loses its power."""
    write_atomically(state.power, OFF, 0o600)
    if signal_host(state, POWEROFF_SIGNAL):
        daemon.ended(state.lock, SHUTDOWN_TIMEOUT_S)
    cut(state)


def reboot(lab: LabState, state: HostState) -> None:
    """Orderly reboot; returns when the next boot has begun. A host that is off is switched on."""
    before = boot_time(state)
    if signal_host(state, REBOOT_SIGNAL) and not daemon.until(lambda: boot_time(state) != before, SHUTDOWN_TIMEOUT_S):
        cut(state)
    switch_on(lab, state)


def cut(state: HostState) -> None:
    """Pulls the plug: every process of the host ends at once, unwritten data is lost. It stays off."""
    if state.folder.is_dir():
        write_atomically(state.power, OFF, 0o600)
    if not daemon.end(state.lock):
        raise KbootError(Code.LAB_LEFTOVER, "the host's supervisor does not end", where=state.name)
    cgroups.remove(cgroups.recorded(state.cgroups))


def boot_time(state: HostState) -> float | None:
    """When the present boot began (seconds since the epoch); None when the host is off."""
    record = _boot_record(state)
    return None if record is None else float(record["at"])


def signal_host(state: HostState, number: int) -> bool:
    """Sends a signal to the host's process 1; False when there is none."""
    process = first_process(state)
    return process is not None and daemon.send(process, number)


def first_process(state: HostState) -> int | None:
    """The host's process 1 as the machine numbers it: nspawn's only child."""
    record = _boot_record(state)
    if record is None:
        return None
    nspawn = int(record["nspawn"])
    try:
        children = Path(f"/proc/{nspawn}/task/{nspawn}/children").read_text().split()
    except FileNotFoundError:
        return None
    return int(children[0]) if children else None


def _boot_record(state: HostState) -> dict[str, float] | None:
    # Without its lock held the numbers in the file may belong to anyone.
    if not has_power(state):
        return None
    try:
        record: dict[str, float] = json.loads(state.boot.read_text())
    except FileNotFoundError:
        return None
    return record
