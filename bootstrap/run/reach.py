"""How each host of an inventory is reached: the host's own ssh fields, else the inventory's, else ssh's defaults."""

from pathlib import Path

from bootstrap.model.inventory import Host, Inventory, Ssh
from bootstrap.model.text import Secret
from bootstrap.transport.settings import DEFAULT_PORT, SshSettings

_KNOWN_HOSTS = Path("~/.ssh/known_hosts")


def ssh_settings(inventory: Inventory, host: Host) -> SshSettings:
    """Everything that opening a connection to this host needs. Raises OSError when the sudo password file is gone."""
    ssh = merged(inventory.ssh, host.ssh)
    return SshSettings(
        address=host.address,
        port=ssh.port or DEFAULT_PORT,
        user=ssh.user or "",
        key_path=Path(ssh.key) if ssh.key else None,
        use_agent=ssh.key is None,
        known_hosts_path=Path(ssh.known_hosts) if ssh.known_hosts else _KNOWN_HOSTS,
        host_key_policy=ssh.host_keys or "strict",
        sudo_password=_password(ssh.sudo_password_file),
        netns=ssh.netns,
        bastion=_bastion(ssh) if ssh.bastion else None,
    )


def merged(defaults: Ssh, own: Ssh) -> Ssh:
    """The host's fields over the inventory's."""
    return defaults.model_copy(update={name: value for name, value in own if value is not None})


def _password(path: str | None) -> Secret | None:
    return None if path is None else Secret(Path(path).read_text(encoding="utf-8").rstrip("\r\n"))


def _bastion(ssh: Ssh) -> SshSettings:
    """`user@host[:port]`, reached with the same key and known_hosts, from the same network namespace."""
    user, _, place = (ssh.bastion or "").rpartition("@")
    address, colon, port = place.rpartition(":")
    return SshSettings(
        address=address if colon else place,
        port=int(port) if colon else DEFAULT_PORT,
        user=user or ssh.user or "",
        key_path=Path(ssh.key) if ssh.key else None,
        use_agent=ssh.key is None,
        known_hosts_path=Path(ssh.known_hosts) if ssh.known_hosts else _KNOWN_HOSTS,
        host_key_policy=ssh.host_keys or "strict",
        netns=ssh.netns,
    )
