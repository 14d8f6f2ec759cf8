"""What can stand on a new host's disk."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HostFile:
    """One file on a host's disk."""

    path: str
    text: str
    mode: int = 0o644
    owner: int = 0


@dataclass(frozen=True)
class HostLink:
    """A symbolic link on a host's disk; how systemd keeps an enabled unit, for one."""

    path: str
    target: str
