"""Gives every host a cgroup of its own in every hierarchy, so that hosts never see or kill each other's processes.

systemd-nspawn makes a cgroup namespace of the group in which it is started; the host's systemd takes that for the
root. Both layouts are found by reading /proc/self: cgroup v1 (with or without the v2 `unified` tree) and v2 alone.
"""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PREFIX = "kboot-lab-"
EMPTY_TIMEOUT_S = 10


@dataclass(frozen=True)
class Hierarchy:
    """One mounted cgroup hierarchy and this process's own group in it."""

    mount: Path
    group: str
    controllers: tuple[str, ...]

    @property
    def own(self) -> Path:
        """Directory of this process's group."""
        return self.mount / self.group.lstrip("/")


def hierarchies(cgroup_text: str, mountinfo_text: str) -> tuple[Hierarchy, ...]:
    """Reads /proc/self/cgroup and /proc/self/mountinfo (proc(5), cgroups(7)); unmounted hierarchies are left out."""
    mounts = dict(_cgroup_mounts(mountinfo_text))
    found = []
    for line in cgroup_text.splitlines():
        _, names, group = line.split(":", 2)
        at = mounts.get(names)
        if at is not None:
            found.append(Hierarchy(at, group, tuple(name for name in names.split(",") if "=" not in name and name)))
    return tuple(found)


def _cgroup_mounts(mountinfo_text: str) -> Iterable[tuple[str, Path]]:
    # Keyed as /proc/self/cgroup names a hierarchy: its controllers, `name=systemd`, or nothing for v2.
    for line in mountinfo_text.splitlines():
        fields, _, tail = line.partition(" - ")
        kind, _, options = tail.split(" ", 2)
        at = Path(fields.split()[4])
        if kind == "cgroup2":
            yield "", at
        elif kind == "cgroup":
            flags = [flag for flag in options.split(",") if flag not in {"rw", "ro", "xattr", "release_agent"}]
            yield ",".join(flags), at


def host_groups(lab: str, host: str, found: tuple[Hierarchy, ...]) -> tuple[Path, ...]:
    """The directories that are this host's groups; the machine's own groups are never used themselves."""
    alone = len(found) == 1 and not found[0].controllers
    # In v2 a group with processes cannot hand controllers down (cgroups(7), "no internal processes"), and this
    # process's own group has some; the tree's root is exempt.
    return tuple((one.mount if alone else one.own) / f"{PREFIX}{lab}" / host for one in found)


def own_hierarchies() -> tuple[Hierarchy, ...]:
    """The hierarchies as this process sees them."""
    return hierarchies(Path("/proc/self/cgroup").read_text(), Path("/proc/self/mountinfo").read_text())


def make(groups: Iterable[Path]) -> None:
    """Makes the groups; cpuset's masks do not inherit in v1 and are copied down, v2's controllers are handed down."""
    for group in groups:
        for level in (group.parent, group):
            level.mkdir(exist_ok=True)
            for mask in ("cpuset.cpus", "cpuset.mems"):
                file = level / mask
                if file.exists() and not (level / "cgroup.controllers").exists() and not file.read_text().strip():
                    file.write_text((level.parent / mask).read_text())
        offered = group.parent / "cgroup.controllers"
        if offered.exists() and (names := offered.read_text().split()):
            (group.parent / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in names))


def enter(groups: Iterable[Path]) -> None:
    """Moves the calling process into the groups."""
    for group in groups:
        (group / "cgroup.procs").write_text(str(os.getpid()))


def remove(groups: Iterable[Path]) -> None:
    """Kills what is left in the host's groups and removes them; the lab's group above them stays."""
    for group in groups:
        if not group.parent.name.startswith(PREFIX):
            raise ValueError(f"{group} is no lab host's cgroup")
        _empty(group)
        for level in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
            level.rmdir()
        if group.exists():
            group.rmdir()


def remove_labs(groups: Iterable[Path]) -> None:
    """Removes the lab's own groups, the parents of its hosts' groups, once all hosts are gone."""
    for parent in {group.parent for group in groups}:
        if parent.name.startswith(PREFIX) and parent.exists():
            parent.rmdir()


def recorded(file: Path) -> tuple[Path, ...]:
    """The groups that a host's record names; none when it has never booted."""
    return tuple(map(Path, file.read_text().splitlines())) if file.exists() else ()


def _empty(group: Path) -> None:
    deadline = time.monotonic() + EMPTY_TIMEOUT_S
    while (left := members(group)) and time.monotonic() < deadline:
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def members(group: Path) -> tuple[int, ...]:
    """Processes in the group and below it."""
    found = []
    for file in (group / "cgroup.procs", *group.rglob("*/cgroup.procs")):
        try:
            found += [int(line) for line in file.read_text().split()]
        except FileNotFoundError:
            continue
    return tuple(found)
