"""One process per host, its power supply and firmware: `python -m bootstrap.lab.supervisor FOLDER HOST`.

It lives as long as its host has power, boots it, boots it again when it reboots, and leaves nothing when it goes off.
All mounts are made in a mount namespace of its own: they end with the host, however it ends.
"""

import json
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from bootstrap.lab import cgroups, daemon, network, nspawn
from bootstrap.lab.command import environment, run
from bootstrap.lab.namespaces import leave_mounts
from bootstrap.lab.spec import HostSpec, LabSpec
from bootstrap.lab.state import ON, HostState, LabState, write_atomically


def main() -> None:
    """Holds the host's lock for life; a second supervisor of the same host ends at once."""
    lab = LabState(Path(sys.argv[1]))
    host = lab.host(sys.argv[2])
    if not daemon.hold(host.lock):
        return
    signal.signal(signal.SIGTERM, _power_lost)
    spec = lab.known()
    supervise(lab, host, spec, next(one for one in spec.hosts if one.name == host.name))


def supervise(lab: LabState, state: HostState, spec: LabSpec, host: HostSpec) -> None:
    """Boots the host until it is switched off."""
    _own_mounts()
    try:
        while True:
            status = boot(lab, state, spec, host)
            sys.stderr.write(f"supervisor: {host.name} ended with status {status}\n")
            if status != nspawn.REBOOT_STATUS or state.power.read_text() != ON:
                return
    finally:
        _sweep(state)


def boot(lab: LabState, state: HostState, spec: LabSpec, host: HostSpec) -> int:
    """One life of the host, from power-on to its end; returns nspawn's exit status."""
    _sweep(state)
    groups = cgroups.host_groups(spec.name, host.name, cgroups.own_hierarchies())
    write_atomically(state.cgroups, "".join(f"{group}\n" for group in groups), 0o600)
    cgroups.make(groups)
    network.plug_in(lab.netns, state.netns, host)
    mount_root(state, spec.base)
    modules = Path("/lib/modules") / platform.release()
    argv = nspawn.argv(state, host, modules if modules.is_dir() else None)
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env={**environment(), **nspawn.ENVIRONMENT},
        preexec_fn=lambda: cgroups.enter(groups),  # noqa: PLW1509  this process has one thread
    ) as process:
        write_atomically(state.boot, json.dumps({"nspawn": process.pid, "at": time.time()}), 0o600)
        try:
            return process.wait()
        finally:
            process.kill()


def mount_root(state: HostState, base: str) -> None:
    """The host's disk: what it wrote itself over the shared base."""
    options = f"lowerdir={base},upperdir={state.upper},workdir={state.folder / 'work'}"
    run(["mount", "-t", "overlay", "-o", options, "overlay", str(state.root)])


def _own_mounts() -> None:
    leave_mounts()
    # nspawn keeps its own files under /run and fails to reboot a host when that is no tmpfs.
    run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/run"])


def _sweep(state: HostState) -> None:
    """Takes away what the last life left, so that each boot is a true one: processes, cgroups, interfaces, mounts."""
    cgroups.remove(cgroups.recorded(state.cgroups))
    network.unbind(state.netns)
    while network.is_bound(state.root):
        run(["umount", "--lazy", str(state.root)])


def _power_lost(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
