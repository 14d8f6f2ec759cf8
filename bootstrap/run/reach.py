"""How each host of an inventory is reached: the host's own ssh fields, else the inventory's, else ~/.ssh/config."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from bootstrap.model.inventory import Host, Inventory, Ssh
from bootstrap.model.text import Secret
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh_config import settings_for

_LOOKUPS_AT_ONCE = 8


def all_settings(inventory: Inventory) -> Mapping[str, SshSettings]:
    """Every host's settings by its name; side by side, for each may start an `ssh -G` (10 ms)."""
    with ThreadPoolExecutor(_LOOKUPS_AT_ONCE) as pool:
        found = pool.map(lambda host: ssh_settings(inventory, host), inventory.hosts)
        return {host.name: settings for host, settings in zip(inventory.hosts, found, strict=True)}


def ssh_settings(inventory: Inventory, host: Host) -> SshSettings:
    """Everything that opening a connection to this host needs.

    Raises Unreachable when ~/.ssh/config cannot be used, OSError when the sudo password file is gone.
    """
    ssh = merged(inventory.ssh, host.ssh)
    # A lab's addresses mean something only inside its network namespace: ~/.ssh/config speaks of other hosts.
    base = SshSettings(host.address) if ssh.netns else settings_for(host.address, bastion=ssh.bastion)
    given = {"port": ssh.port, "user": ssh.user, "netns": ssh.netns, "host_key_policy": ssh.host_keys}
    settings = _changed(base, {**given, **_files(ssh), "sudo_password": _sudo_password(ssh)})
    return replace(settings, bastion=_through(settings.bastion, ssh)) if settings.bastion else settings


def sudo_passwords(inventory: Inventory) -> tuple[Secret, ...]:
    """Every sudo password that the inventory's files hold: no screen may show one."""
    found = {_sudo_password(merged(inventory.ssh, host.ssh)) for host in inventory.hosts}
    return tuple(password for password in found if password)


def merged(defaults: Ssh, own: Ssh) -> Ssh:
    """The host's fields over the inventory's."""
    return defaults.model_copy(update={name: value for name, value in own if value is not None})


def _sudo_password(ssh: Ssh) -> Secret | None:
    path = ssh.sudo_password_file
    return Secret(Path(path).read_text(encoding="utf-8").rstrip("\r\n")) if path else None


def _through(bastion: SshSettings, ssh: Ssh) -> SshSettings:
    """A bastion that the inventory names is reached with the inventory's key and known_hosts."""
    return _changed(bastion, {**_files(ssh), "host_key_policy": ssh.host_keys}) if ssh.bastion else bastion


def _files(ssh: Ssh) -> dict[str, Any]:
    key = {"key_path": Path(ssh.key), "use_agent": False} if ssh.key else {}
    return key | ({"known_hosts_path": Path(ssh.known_hosts)} if ssh.known_hosts else {})


def _changed(settings: SshSettings, given: Mapping[str, Any]) -> SshSettings:
    return replace(settings, **{name: value for name, value in given.items() if value is not None})
