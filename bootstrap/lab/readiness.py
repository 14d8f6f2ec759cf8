"""Whether a host lets its admin in, and what `lab status` says about it."""

import time
from dataclasses import dataclass

from bootstrap.lab import cgroups, power
from bootstrap.lab.command import succeeds
from bootstrap.lab.state import HostState, LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

BOOT_TIMEOUT_S = 90
PROBE_TIMEOUT_S = 10
CONSOLE_LINES = 12


@dataclass(frozen=True)
class HostStatus:
    """One row of `lab status`. State: off, booting or up (its admin gets in)."""

    name: str
    address: str
    state: str
    uptime_s: int | None
    memory_bytes: int | None


def lets_in(lab: LabState, host: str) -> bool:
    """Whether the admin gets in by ssh, now."""
    argv = ["ssh", "-F", str(lab.ssh_config), "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", host, "true"]
    return succeeds(argv, timeout_s=PROBE_TIMEOUT_S)


def wait_for_ssh(lab: LabState, host: str, timeout_s: float = BOOT_TIMEOUT_S) -> None:
    """Waits until the admin gets in; raises KB1307 with the console's last lines."""
    deadline = time.monotonic() + timeout_s
    while not lets_in(lab, host):
        state = lab.host(host)
        if not power.has_power(state) or time.monotonic() > deadline:
            raise KbootError(
                Code.LAB_HOST_SILENT,
                "the host went off while it booted" if not power.has_power(state) else "no ssh login after its boot",
                where=host,
                evidence="\n".join(state.console.read_text(errors="replace").splitlines()[-CONSOLE_LINES:]),
                advice=f"its console is in {state.console}",
            )
        time.sleep(0.2)


def host_status(lab: LabState, host: str, address: str) -> HostStatus:
    """What the machine sees of one host, and whether it lets its admin in."""
    state = lab.host(host)
    since = power.boot_time(state)
    if since is None:
        return HostStatus(host, address, "off", None, None)
    answer = "up" if lets_in(lab, host) else "booting"
    return HostStatus(host, address, answer, int(time.time() - since), memory_bytes(state))


def memory_bytes(state: HostState) -> int | None:
    """Memory in use without the page cache that can be dropped, as kubelet counts it (its working set)."""
    for group in cgroups.recorded(state.cgroups):
        for usage, inactive in (("memory.usage_in_bytes", "total_inactive_file"), ("memory.current", "inactive_file")):
            if (group / usage).exists():
                stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
                return max(0, int((group / usage).read_text()) - int(stat.get(inactive, 0)))
    return None
