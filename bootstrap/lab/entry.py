"""How people and tools get into a lab's hosts: pinned host keys and an ssh_config for plain ssh, scp and testinfra."""

import shlex
import sys
from pathlib import Path

import bootstrap
from bootstrap.lab.spec import USER, LabSpec
from bootstrap.lab.state import LabState, write_atomically

PACKAGE_ROOT = Path(bootstrap.__file__).parent.parent


def write_entry(lab: LabState, spec: LabSpec) -> None:
    """Writes known_hosts and ssh_config for the hosts that the lab has now."""
    keys = {host.address: lab.host(host.name).host_key.read_text() for host in spec.hosts}
    write_atomically(lab.known_hosts, known_hosts(spec.ssh_port, keys), 0o600)
    write_atomically(lab.ssh_config, ssh_config(lab, spec), 0o600)


def known_hosts(port: int, keys: dict[str, str]) -> str:
    """sshd(8)'s known_hosts format: another port than 22 stands in the name, [address]:port."""
    named = {address if port == 22 else f"[{address}]:{port}": key for address, key in keys.items()}
    return "".join(f"{name} {' '.join(key.split()[:2])}\n" for name, key in named.items())


def ssh_config(lab: LabState, spec: LabSpec) -> str:
    """ssh_config(5): the connection is made inside the lab's network namespace, so it takes root."""
    python = shlex.quote(sys.executable)
    proxy = f"env PYTHONPATH={shlex.quote(str(PACKAGE_ROOT))} {python} -m bootstrap.lab.connect {lab.netns} %h %p"
    hosts = "".join(f"Host {host.name}\n  HostName {host.address}\n" for host in spec.hosts)
    return (
        f"{hosts}Host {' '.join(spec.host_names)}\n"
        f"  User {USER}\n"
        f"  Port {spec.ssh_port}\n"
        f"  IdentityFile {lab.client_key}\n"
        "  IdentitiesOnly yes\n"
        f"  UserKnownHostsFile {lab.known_hosts}\n"
        "  GlobalKnownHostsFile none\n"
        "  StrictHostKeyChecking yes\n"
        f"  ProxyCommand {proxy}\n"
    )
