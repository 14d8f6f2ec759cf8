"""How systemd-nspawn is started: as close to metal as it goes, and unable to harm the machine's swap and clock."""

from pathlib import Path

from bootstrap.lab.spec import HostSpec
from bootstrap.lab.state import HostState

# runc and containerd need these; nspawn's default filter (systemd-nspawn(1)) refuses them even with all capabilities.
ALLOWED_CALLS = "@mount @keyring bpf perf_event_open @module"
# Swap belongs to the whole machine: swapon and swapoff say EPERM.
REFUSED_CALLS = "~@swap"
# containerd's overlayfs snapshots cannot lie on the overlayfs that is a lab host's root.
REAL_DIRECTORIES = {"containerd": "/var/lib/containerd", "docker": "/var/lib/docker"}
POWER_ON = "/usr/lib/kboot-lab/power-on"
POWER_ON_PARTS = "/usr/lib/kboot-lab/power-on.d"
# systemd-nspawn(1), --keep-unit: the exit status that says "the payload asked for a reboot".
REBOOT_STATUS = 133
# Debian 12 keeps /tmp on the disk; nspawn would mount a tmpfs there.
ENVIRONMENT = {"SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1", "SYSTEMD_NSPAWN_TMPFS_TMP": "0"}


def argv(state: HostState, host: HostSpec, kernel_modules: Path | None) -> list[str]:
    """The command of one boot. It ends with its supervisor (so does the host: see power-on.sh)."""
    command = ["setpriv", "--pdeathsig", "KILL", "systemd-nspawn", "--quiet"]
    command += [f"--directory={state.root}", f"--machine={host.name}", f"--uuid={host.machine_id}"]
    command += [f"--network-namespace-path={state.netns}", "--register=no", "--keep-unit", "--console=read-only"]
    command += ["--capability=all", "--drop-capability=CAP_SYS_TIME", "--private-users=no"]
    command += [f"--system-call-filter={ALLOWED_CALLS}", f"--system-call-filter={REFUSED_CALLS}"]
    command += ["--resolv-conf=off", "--timezone=off", "--link-journal=no"]
    command += [f"--bind={state.folder / name}:{target}" for name, target in REAL_DIRECTORIES.items()]
    if kernel_modules is not None:
        command.append(f"--bind-ro={kernel_modules}")
    # systemd 257 refuses cgroup v1 without this word; older ones do not know it and pass it by.
    return [*command, "--", POWER_ON, "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"]
