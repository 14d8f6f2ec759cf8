"""The power button of each host, and what its lamp shows."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bootstrap.lab import cgroups
from bootstrap.lab.command import environment
from bootstrap.lab.entry import PACKAGE_ROOT
from bootstrap.lab.state import HostState, LabState, write_atomically
from bootstrap.lab.supervisor import ON
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

OFF = "off"
SHUTDOWN_TIMEOUT_S = 60
CUT_TIMEOUT_S = 15
# systemd(1), "Signals": what a power key and Ctrl-Alt-Del mean to process 1.
POWEROFF_SIGNAL = signal.SIGRTMIN + 4
REBOOT_SIGNAL = signal.SIGRTMIN + 5


def has_power(state: HostState) -> bool:
    """Whether the host's supervisor lives: it holds the lock as long as it does."""
    try:
        handle = os.open(state.lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def switch_on(lab: LabState, state: HostState) -> None:
    """Starts the host's supervisor unless it lives; returns before the host has booted."""
    write_atomically(state.power, ON, 0o600)
    if has_power(state):
        return
    state.boot.unlink(missing_ok=True)
    with state.console.open("a") as console:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "bootstrap.lab.supervisor", str(lab.folder), state.name],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            cwd="/",
            env={**environment(), "PYTHONPATH": str(PACKAGE_ROOT)},
            start_new_session=True,
        )
    deadline = time.monotonic() + CUT_TIMEOUT_S
    while not has_power(state) and supervisor.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)


def switch_off(state: HostState) -> None:
    """Orderly: systemd stops what runs. A host that does not end in a minute loses its power."""
    write_atomically(state.power, OFF, 0o600)
    if signal_host(state, POWEROFF_SIGNAL):
        _until_dark(state, SHUTDOWN_TIMEOUT_S)
    cut(state)


def reboot(lab: LabState, state: HostState) -> None:
    """Orderly reboot; returns when the next boot has begun. A host that is off is switched on."""
    before = boot_time(state)
    if signal_host(state, REBOOT_SIGNAL):
        deadline = time.monotonic() + SHUTDOWN_TIMEOUT_S
        while has_power(state) and boot_time(state) == before and time.monotonic() < deadline:
            time.sleep(0.05)
        if boot_time(state) == before:
            cut(state)
    switch_on(lab, state)


def cut(state: HostState) -> None:
    """Pulls the plug: every process of the host ends at once, unwritten data is lost. It stays off."""
    if state.folder.is_dir():
        write_atomically(state.power, OFF, 0o600)
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not has_power(state):
            break
        _signal(int(state.lock.read_text() or 0), number)
        _until_dark(state, CUT_TIMEOUT_S)
    if has_power(state):
        raise KbootError(Code.LAB_LEFTOVER, "the host's supervisor does not end", where=state.name)
    cgroups.remove(cgroups.recorded(state.cgroups))


def boot_time(state: HostState) -> float | None:
    """When the present boot began (seconds since the epoch); None when the host is off."""
    record = _boot_record(state)
    return None if record is None else float(record["at"])


def signal_host(state: HostState, number: int) -> bool:
    """Sends a signal to the host's process 1; False when there is none."""
    process = first_process(state)
    return process is not None and _signal(process, number)


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


def _signal(process: int, number: int) -> bool:
    if process <= 1:
        return False
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


def _until_dark(state: HostState, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while has_power(state) and time.monotonic() < deadline:
        time.sleep(0.05)
