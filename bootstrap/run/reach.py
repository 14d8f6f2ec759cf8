"""How each host of an inventory is reached: the host's own ssh fields, else the inventory's, else ~/.ssh/config."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from bootstrap.model.inventory import Host, Inventory, Ssh
from bootstrap.model.text import Secret
from bootstrap.transport.connection import Completed, Connection
from bootstrap.transport.errors import Unreachable
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh_config import settings_for, settings_in_namespace

Connect: TypeAlias = Callable[[str, SshSettings], Connection]
_LOOKUPS_AT_ONCE = 8


def connections_to(inventory: Inventory, connect: Connect) -> Mapping[str, Connection]:
    """A connection to every host by its name, none opened yet.

    Lookups go side by side, for each may start an `ssh -G` (10 ms). A host for which ~/.ssh/config cannot be used is
    out of reach like one that is down: the others go on.
    """

    def one(host: Host) -> Connection:
        try:
            return connect(host.name, ssh_settings(inventory, host))
        except Unreachable as error:
            return OutOfReach(host.name, error)

    with ThreadPoolExecutor(_LOOKUPS_AT_ONCE) as pool:
        made = list(pool.map(one, inventory.hosts))
    return {connection.host: connection for connection in made}


@dataclass(frozen=True)
class OutOfReach:
    """A Connection to a host of which it is known beforehand that it cannot be reached."""

    host: str
    error: Unreachable

    def run(
        self,
        script: str,  # noqa: ARG002
        *,
        timeout_s: float,  # noqa: ARG002
        root: bool = True,  # noqa: ARG002
        on_stderr: Callable[[str], None] | None = None,  # noqa: ARG002
    ) -> Completed:
        """Raises the error, as this host's."""
        raise Unreachable(self.host, self.error.problem, advice=self.error.advice, again=False)

    def put(
        self,
        source: Path,  # noqa: ARG002
        path: str,  # noqa: ARG002
        *,
        size_bytes: int,  # noqa: ARG002
        sha256: str,  # noqa: ARG002
        on_progress: Callable[[int], None] | None = None,  # noqa: ARG002
    ) -> None:
        """Raises the error, as this host's."""
        self.run("", timeout_s=0)

    def close(self) -> None:
        """Nothing is open."""


def ssh_settings(inventory: Inventory, host: Host) -> SshSettings:
    """Everything that opening a connection to this host needs.

    Raises Unreachable when ~/.ssh/config cannot be used, OSError when the sudo password file is gone.
    """
    ssh = inventory.ssh_of(host)
    base = (
        settings_in_namespace(host.address, ssh.netns, bastion=ssh.bastion)
        if ssh.netns
        else settings_for(host.address, bastion=ssh.bastion)
    )
    given = {"port": ssh.port, "user": ssh.user, "netns": ssh.netns, "host_key_policy": ssh.host_keys}
    settings = _changed(base, {**given, **_files(ssh), "sudo_password": _sudo_password(ssh)})
    return replace(settings, bastion=_through(settings.bastion, ssh)) if settings.bastion else settings


def sudo_passwords(inventory: Inventory) -> tuple[Secret, ...]:
    """Every sudo password that the inventory's files hold: no screen may show one."""
    found = {_sudo_password(inventory.ssh_of(host)) for host in inventory.hosts}
    return tuple(password for password in found if password)


def _sudo_password(ssh: Ssh) -> Secret | None:
    path = ssh.sudo_password_file
    return Secret(Path(path).read_text(encoding="utf-8").rstrip("\r\n")) if path else None


def _through(bastion: SshSettings, ssh: Ssh) -> SshSettings:
    """A bastion that the inventory names is entered with the inventory's key and known_hosts, each of a chain."""
    if not ssh.bastion:
        return bastion
    before = _through(bastion.bastion, ssh) if bastion.bastion else None
    return _changed(bastion, {**_files(ssh), "host_key_policy": ssh.host_keys, "bastion": before})


def _files(ssh: Ssh) -> dict[str, Any]:
    key = {"key_path": Path(ssh.key), "use_agent": False} if ssh.key else {}
    return key | ({"known_hosts_path": Path(ssh.known_hosts)} if ssh.known_hosts else {})


def _changed(settings: SshSettings, given: Mapping[str, Any]) -> SshSettings:
    return replace(settings, **{name: value for name, value in given.items() if value is not None})
