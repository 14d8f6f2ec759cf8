"""The host as a whole: its system, hardware, identity, clock and boot."""

from dataclasses import dataclass

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import Fact, Output


@dataclass(frozen=True, slots=True)
class System:
    """What runs on the host. `id`, `version_id`, `codename` are os-release's; `machine` is `uname -m`."""

    id: str
    version_id: str
    codename: str
    pretty_name: str
    machine: str
    kernel: str
    init: str
    cgroup_version: int


@dataclass(frozen=True, slots=True)
class Hardware:
    """CPUs usable by this host and its memory in bytes."""

    cpus: int
    memory_bytes: int


def _system(out: Output) -> Answer[System]:
    values = _pairs(out.stdout)
    return Known(
        System(
            id=values["ID"],
            version_id=values.get("VERSION_ID", ""),
            codename=values.get("VERSION_CODENAME", ""),
            pretty_name=values.get("PRETTY_NAME", values["ID"]),
            machine=values["machine"],
            kernel=values["kernel"],
            init=values["init"],
            cgroup_version=2 if values["cgroup"] == "cgroup2fs" else 1,
        )
    )


SYSTEM: Fact[System] = Fact(
    "system",
    "cat /etc/os-release; printf 'kernel=%s\\nmachine=%s\\n' $(uname -r -m); "
    'read -r init </proc/1/comm; echo "init=$init"; echo "cgroup=$(stat -f -c %T /sys/fs/cgroup)"',
    _system,
)


def _hardware(out: Output) -> Answer[Hardware]:
    cpus, kib = out.stdout.split()
    return Known(Hardware(int(cpus), int(kib) * 1024))


HARDWARE: Fact[Hardware] = Fact(
    "hardware",
    "nproc; while read -r key value _; do [ $key = MemTotal: ] && echo $value; done </proc/meminfo; true",
    _hardware,
)


def _machine_id(out: Output) -> Answer[str]:
    found = out.stdout.strip()
    return Known(found) if found else Absent("/etc/machine-id is empty")


# systemd's id of this installation (machine-id(5)): the Node's machineID, DHCP's and the journal's identity.
MACHINE_ID: Fact[str] = Fact("machine-id", "cat /etc/machine-id", _machine_id)


def _hostname(out: Output) -> Answer[str]:
    found = out.stdout.strip()
    return Known(found) if found else Absent("the host has no name")


# The name that the host has now, as the kernel and every log line say it.
HOSTNAME: Fact[str] = Fact("hostname", "cat /proc/sys/kernel/hostname", _hostname)


def _clock(out: Output) -> Answer[float]:
    return Known(float(out.stdout))


# Seconds since 1970 by the host's own clock, at the moment it was asked.
CLOCK: Fact[float] = Fact("clock", "date +%s", _clock)


@dataclass(frozen=True, slots=True)
class Boot:
    """systemd's state word, the jobs it still runs, and whether cloud-init is still at work."""

    state: str
    jobs: tuple[str, ...]
    cloud_init_running: bool


def _boot(out: Output) -> Answer[Boot]:
    values = [line.partition("=") for line in out.stdout.splitlines()]
    jobs = tuple(value for key, _, value in values if key == "job" and value)
    single = {key: value for key, _, value in values}
    return Known(Boot(single.get("SystemState", "offline"), jobs, single["cloud-init"] == "running"))


# result.json is cloud-init's own sign of its end; /run/cloud-init/disabled says that it does not run in this boot
# (cloud-init docs, "Boot stages" and "CLI commands: status", checked 2026-11). `cloud-init status` is 300 ms of Python.
BOOT: Fact[Boot] = Fact(
    "boot",
    'manager=$(systemctl show -p SystemState,NJobs 2>/dev/null); echo "$manager"; '
    "case $manager in *NJobs=0*) ;; *) "
    "systemctl list-jobs --no-legend --plain 2>/dev/null | while read -r _ unit _; do echo job=$unit; done; esac; "
    "if [ -d /run/cloud-init ] && [ ! -e /run/cloud-init/result.json ] && [ ! -e /run/cloud-init/disabled ]; "
    "then echo cloud-init=running; else echo cloud-init=ended; fi",
    _boot,
)


def _user_id(out: Output) -> Answer[int]:
    return Known(int(out.stdout))


USER_ID: Fact[int] = Fact("user-id", "id -u", _user_id)


def free_space(paths: tuple[str, ...]) -> Fact[dict[str, tuple[str, int]]]:
    """path -> (mount point, free bytes there); a path that is not there yet counts where it would be made."""
    script = (
        f"set --; for at in {' '.join(paths)}; do while [ ! -d $at ]; do at=${{at%/*}}; at=${{at:-/}}; done; "
        'set -- "$@" $at; done; df -B1 --output=avail,target "$@"'
    )

    def free(out: Output) -> Answer[dict[str, tuple[str, int]]]:
        lines = (line.split(maxsplit=1) for line in out.stdout.splitlines()[1:])
        return Known({path: (mount, int(left)) for path, (left, mount) in zip(paths, lines, strict=True)})

    return Fact("free-space", script, free)


def _pairs(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}
