"""What a trouble is: that in which a host of somebody else's making differs from a hoster's bare one."""

from collections.abc import Callable
from dataclasses import dataclass

from bootstrap.lab.host_file import HostFile, HostLink
from bootstrap.lab.spec import HostSpec, LabSpec


@dataclass(frozen=True)
class Birth:
    """The host that is being made. `base(path)` is the text of a file of its base system."""

    lab: LabSpec
    host: HostSpec
    base: Callable[[str], str]


Laid = tuple[HostFile | HostLink, ...]


def nothing(_birth: Birth) -> Laid:
    """No file."""
    return ()


@dataclass(frozen=True)
class Trouble:
    """A trouble that every host of a lab can be born with. Nothing of it comes back once a host was healed.

    name        the word after `--with`
    story       what it is, why hosts have it, what kboot answers; its first line stands in lists (a module's docstring)
    packages    what the hosts' base holds besides (each set of packages is a base of its own, built once)
    newer       and what it takes from Debian 13 on, where a package was split
    customise   shell, run on the base when it is built, after its packages; $1 is its root folder
    files       what lies on a new host's disk; wins over a file of the same path that every host has
    power_on    shell, run as root at every boot before systemd, for what no disk holds (mounts, interfaces)
    once        shell, run as root on the new host when its first boot has ended; may run again after a kill
    excludes    troubles that no host can have besides this one
    """

    name: str
    story: str
    packages: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    customise: str = ""
    files: Callable[[Birth], Laid] = nothing
    power_on: str = ""
    once: str = ""
    excludes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The story's first line."""
        return self.story.strip().partition("\n")[0]
