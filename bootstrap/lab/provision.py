"""What a hoster writes on a new machine's disk: name, network, the admin's key, sshd's port, troubles. Pure text."""

from dataclasses import dataclass

from bootstrap.lab.host_file import HostFile, HostLink
from bootstrap.lab.network import INTERFACE
from bootstrap.lab.nspawn import POWER_ON, POWER_ON_PARTS
from bootstrap.lab.spec import GATEWAY, PREFIX_LENGTH, USER, HostSpec
from bootstrap.lab.troubles import chosen_troubles
from bootstrap.lab.troubles.trouble import Birth

# mmdebstrap gives the first user and group of a fresh Debian this number.
USER_ID = 1000


@dataclass(frozen=True)
class Credentials:
    """What a host's disk needs to hold so that its admin gets in, and nobody else."""

    authorized_key: str
    host_private_key: str
    host_public_key: str
    password_hash: str | None


def host_files(birth: Birth, secrets: Credentials, power_on: str) -> list[HostFile | HostLink]:
    """Everything that makes the shared base this host; one entry a path."""
    troubles = chosen_troubles(birth.lab.troubles)
    files: list[HostFile | HostLink] = [*plain_files(birth, secrets), HostFile(POWER_ON, power_on, 0o755)]
    for trouble in troubles:
        files += trouble.files(birth)
        if trouble.power_on:
            files.append(HostFile(f"{POWER_ON_PARTS}/{trouble.name}", trouble.power_on, 0o755))
    return list({file.path: file for file in files}.values())


def plain_files(birth: Birth, secrets: Credentials) -> list[HostFile]:
    """What a hoster writes on every machine."""
    lab, host = birth.lab, birth.host
    files = [
        HostFile("/etc/hostname", f"{host.name}\n"),
        HostFile("/etc/hosts", f"127.0.0.1\tlocalhost\n127.0.1.1\t{host.name}\n\n::1\tlocalhost ip6-localhost\n"),
        HostFile("/etc/machine-id", f"{host.machine_id}\n", 0o444),
        HostFile(f"/etc/network/interfaces.d/{INTERFACE}", interface(host)),
        # A hoster's image has swap; nothing here starts it (systemd leaves fstab's swap alone in a container).
        HostFile("/etc/fstab", "/swapfile none swap sw 0 0\n"),
        HostFile("/swapfile", "", 0o600),
        # Verbose: sshd then logs each session too, so that what a command costs can be counted on the host.
        HostFile(
            "/etc/ssh/sshd_config.d/10-hoster.conf",
            f"Port {lab.ssh_port}\nPasswordAuthentication no\nLogLevel VERBOSE\n",
        ),
        HostFile("/etc/ssh/ssh_host_ed25519_key", secrets.host_private_key, 0o600),
        HostFile("/etc/ssh/ssh_host_ed25519_key.pub", secrets.host_public_key),
        HostFile(f"/home/{USER}/.ssh/authorized_keys", secrets.authorized_key, 0o600, USER_ID),
        HostFile(f"/etc/sudoers.d/{USER}", sudoers(secrets.password_hash), 0o440),
        # An orderly shutdown waits 90 s for each container otherwise.
        HostFile("/etc/systemd/system.conf.d/lab.conf", "[Manager]\nDefaultTimeoutStopSec=10s\n"),
        # /dev/kmsg is the console here (kubelet wants one): a journald that reads it does not end at shutdown.
        HostFile("/etc/systemd/journald.conf.d/lab.conf", "[Journal]\nReadKMsg=no\n"),
    ]
    if secrets.password_hash is not None:
        files.append(HostFile("/etc/shadow", with_password(birth.base("/etc/shadow"), secrets.password_hash), 0o640))
    return files


def mirror_files(url: str, release: str, key: str) -> list[HostFile]:
    """The hoster's own package source, as its image has one: what a connected host's apt reads."""
    keyring = "/etc/apt/keyrings/hoster.asc"
    source = f"deb [signed-by={keyring}] {url}/debian/{release}/ /\n"
    return [HostFile("/etc/apt/sources.list", source), HostFile(keyring, key)]


def interface(host: HostSpec) -> str:
    """interfaces(5): the host configures its network itself, at every boot."""
    return (
        f"auto {INTERFACE}\niface {INTERFACE} inet static\n"
        f"\taddress {host.address}/{PREFIX_LENGTH}\n\tgateway {GATEWAY}\n"
    )


def sudoers(password_hash: str | None) -> str:
    """sudoers(5): without a password unless the lab was asked for one."""
    return f"{USER} ALL=(ALL:ALL) {'NOPASSWD: ' if password_hash is None else ''}ALL\n"


def with_password(shadow: str, password_hash: str) -> str:
    """shadow(5) with the user's hash set."""
    lines = [line.split(":") for line in shadow.splitlines()]
    return "".join(":".join([f[0], password_hash, *f[2:]] if f[0] == USER else f) + "\n" for f in lines)
