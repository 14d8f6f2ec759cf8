"""Where a lab keeps what it must remember: one root-only folder per lab, one folder per host in it."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bootstrap.lab.spec import LabSpec
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

LABS = Path("/var/lib/kboot/lab")
# What stands in HostState.power.
ON, OFF = "on", "off"


@dataclass(frozen=True)
class HostState:
    """Paths of one host."""

    folder: Path

    @property
    def name(self) -> str:
        """The host's name."""
        return self.folder.name

    @property
    def upper(self) -> Path:
        """What this host wrote over the shared base: its disk."""
        return self.folder / "upper"

    @property
    def root(self) -> Path:
        """Mount point of the host's root; mounted only inside its supervisor's mount namespace."""
        return self.folder / "root"

    @property
    def netns(self) -> Path:
        """Mount point of the host's network namespace; mounted only inside its supervisor's mount namespace."""
        return self.folder / "netns"

    @property
    def power(self) -> Path:
        """`on` or `off`: what the person at the power button wants."""
        return self.folder / "power"

    @property
    def born(self) -> Path:
        """There once the host's troubles have done what they do after a first boot."""
        return self.folder / "born"

    @property
    def boot(self) -> Path:
        """JSON about the present boot, written by the supervisor."""
        return self.folder / "boot.json"

    @property
    def cgroups(self) -> Path:
        """The host's cgroup directories, one a line, written before they are made."""
        return self.folder / "cgroups"

    @property
    def lock(self) -> Path:
        """Held (flock) by the supervisor as long as it lives; holds its process id."""
        return self.folder / "supervisor.lock"

    @property
    def console(self) -> Path:
        """What the host printed on its console, and what its supervisor said."""
        return self.folder / "console.log"

    @property
    def host_key(self) -> Path:
        """Public half of the host's ssh key."""
        return self.folder / "ssh_host_ed25519_key.pub"


@dataclass(frozen=True)
class LabState:
    """Paths of one lab."""

    folder: Path

    @property
    def spec_file(self) -> Path:
        """lab.json."""
        return self.folder / "lab.json"

    @property
    def netns(self) -> Path:
        """The lab's network namespace, bound to this file; the inventory names it."""
        return self.folder / "netns"

    @property
    def client_key(self) -> Path:
        """Private key of the hosts' user."""
        return self.folder / "id_ed25519"

    @property
    def known_hosts(self) -> Path:
        """The hosts' keys, pinned."""
        return self.folder / "known_hosts"

    @property
    def ssh_config(self) -> Path:
        """For plain ssh, scp and testinfra."""
        return self.folder / "ssh_config"

    @property
    def sudo_password(self) -> Path:
        """The user's sudo password, when the lab has one."""
        return self.folder / "sudo-password"

    def host(self, name: str) -> HostState:
        """Paths of one host."""
        return HostState(self.folder / "hosts" / name)

    def spec(self) -> LabSpec | None:
        """What the lab was asked to be; None when there is no lab of this name."""
        try:
            return LabSpec.from_json(self.spec_file.read_text())
        except FileNotFoundError:
            return None

    def save(self, spec: LabSpec) -> None:
        """Writes lab.json so that a kill at any point leaves the old or the new one."""
        write_atomically(self.spec_file, spec.to_json(), 0o600)

    def unknown(self) -> str:
        """That there is no lab of this name, and which there are."""
        return f"no lab named {self.folder.name!r} on this machine (there are: {', '.join(lab_names()) or 'none'})"

    def known(self) -> LabSpec:
        """The lab's spec; raises KB1304 when there is no lab of this name."""
        spec = self.spec()
        if spec is None:
            raise KbootError(
                Code.LAB_UNKNOWN,
                self.unknown(),
                advice="kboot lab up makes it",
                exit_code=ExitCode.USAGE,
            )
        return spec

    def require_made(self, hosts: Iterable[str] = ()) -> None:
        """Raises KB1304 unless `up` came as far as the lab's way in and these hosts' disks."""
        if not (self.ssh_config.exists() and all(self.host(name).upper.is_dir() for name in hosts)):
            name = self.folder.name
            raise KbootError(
                Code.LAB_UNKNOWN,
                f"lab {name!r} was begun and not finished: not all of its hosts are made",
                advice=f"kboot lab up --name {name} goes on; kboot lab down --name {name} ends it",
                exit_code=ExitCode.USAGE,
            )


def lab_names() -> tuple[str, ...]:
    """The labs of this machine. Raises PermissionError for who may not look: they are root's."""
    with suppress(FileNotFoundError):
        return tuple(sorted(folder.name for folder in LABS.iterdir() if folder.is_dir()))
    return ()


def lab_state(name: str) -> LabState:
    """Paths of the lab of that name."""
    return LabState(LABS / name)


@contextmanager
def locked(state: LabState) -> Iterator[None]:
    """Holds the lab's folder for one command. The folder itself is the lock, so that `down` leaves no lock file.

    A folder in which nothing was put is taken away again.
    """
    while True:
        state.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(state.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Another command may have removed the folder while this one waited for it.
            if state.folder.is_dir() and os.path.samestat(os.fstat(handle), state.folder.stat()):
                yield
                return
        finally:
            for empty in (state.folder, LABS, LABS.parent):
                with suppress(OSError):
                    empty.rmdir()
            os.close(handle)


def write_atomically(path: Path, text: str, mode: int) -> None:
    """Replaces a file's text in one step; the mode holds from the first byte."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w") as file:
        os.fchmod(handle, mode)
        file.write(text)
    fresh.replace(path)
