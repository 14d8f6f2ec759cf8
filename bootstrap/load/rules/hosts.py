"""Hosts: one of each name and address, one control plane, and an address for every node."""

import re
from collections.abc import Callable, Hashable, Iterator

from bootstrap.load.rules.finding import Finding
from bootstrap.load.rules.syntax import DOMAIN, is_ipv4, is_no_address, is_port
from bootstrap.load.yaml_syntax import named
from bootstrap.model.codes import Code
from bootstrap.model.inventory import CONTROL_PLANE_ROLE, Host, Inventory


def names_differ(inventory: Inventory) -> Iterator[Finding]:
    """Each name stands for one machine, and a machine has one role."""
    for index, earlier, host in _repeated(inventory, lambda host: host.name):
        if host.address == earlier.address and host.role != earlier.role:
            rule = f"{host.name} is given as {earlier.role} and as {host.role}: a host has one role"
            hint = "keep one entry; a control plane without workers runs pods by itself"
        elif host.address == earlier.address:
            rule, hint = f"{host.name} is given twice", "keep one entry"
        else:
            rule, hint = f'two hosts are named "{host.name}"', "each host's name is its node's name: choose another"
        yield Finding(("hosts", index, "name"), Code.HOSTS_ALIKE, rule, hint)


def addresses_differ(inventory: Inventory) -> Iterator[Finding]:
    """No two hosts are reached by the same address and port: two names for one machine would be two nodes."""
    for index, earlier, host in _repeated(inventory, lambda host: _reached(inventory, host)):
        if host.name != earlier.name:
            rule = f"{host.name} has the same address as {earlier.name}: {host.address}"
            yield Finding(("hosts", index, "address"), Code.HOSTS_ALIKE, rule, "each machine has one entry")


def node_addresses_differ(inventory: Inventory) -> Iterator[Finding]:
    """Nodes reach each other by their node address, so each has its own; ports forwarded on one address are for SSH."""
    for index, earlier, host in _repeated(inventory, lambda host: host.node_address):
        if host.name == earlier.name:
            continue
        if host.node_ip or earlier.node_ip:
            path = ("hosts", index, "nodeIP" if host.node_ip else "address")
            rule = f"{host.name} has the same node address as {earlier.name}: {host.node_address}"
            yield Finding(path, Code.HOSTS_ALIKE, rule, "give each its own nodeIP")
        elif _reached(inventory, host) != _reached(inventory, earlier):
            rule = f"{host.name} and {earlier.name} are both reached by {host.address}, and {host.name} has no nodeIP"
            hint = f"add `nodeIP: ` with the IPv4 address by which other nodes reach {host.name}"
            yield Finding(("hosts", index, "address"), Code.FIELD_MISSING, rule, hint)


def addresses_parse(inventory: Inventory) -> Iterator[Finding]:
    """An address is IPv4 or a DNS name; a node whose address is a name says its nodeIP."""
    for index, host in enumerate(inventory.hosts):
        path = ("hosts", index, "address")
        if is_ipv4(host.address):
            continue
        if not _is_name(host.address):
            rule = f'"{host.address}" is neither an IPv4 address nor a DNS name'
            yield Finding(path, Code.FIELD_INVALID, rule, address_hint(host.address))
        elif host.node_ip is None:
            rule = f"{host.name} has a name for an address, and no nodeIP"
            hint = f"add `nodeIP: ` with the IPv4 address by which other nodes reach {host.name}"
            yield Finding(path, Code.FIELD_MISSING, rule, hint)


def one_control_plane(inventory: Inventory) -> Iterator[Finding]:
    """Exactly one: kboot does not join further control planes yet."""
    places = [index for index, host in enumerate(inventory.hosts) if host.role == CONTROL_PLANE_ROLE]
    if not places:
        hint = "add `role: control-plane` to one of them"
        roles = tuple(("hosts", index, "role") for index in range(len(inventory.hosts)))
        rule = "no host has the role control-plane"
        yield Finding(("hosts",), Code.CONTROL_PLANE_COUNT, rule, hint, roles, at_key=True)
    named: set[str] = {inventory.hosts[places[0]].name} if places else set()
    for index in places[1:]:
        host = inventory.hosts[index]
        if host.name not in named:
            rule = f"{host.name} is a second control plane: kboot does not build more than one yet"
            yield Finding(("hosts", index, "role"), Code.CONTROL_PLANE_COUNT, rule, "make it a worker")


def _reached(inventory: Inventory, host: Host) -> Hashable:
    ssh = inventory.ssh_of(host)
    return (host.address.lower().rstrip("."), ssh.port or 22, ssh.netns, ssh.bastion)


def _repeated(inventory: Inventory, key: Callable[[Host], Hashable]) -> Iterator[tuple[int, Host, Host]]:
    """(index, first host of that key, host) for every host whose key an earlier one has."""
    first: dict[Hashable, Host] = {}
    for index, host in enumerate(inventory.hosts):
        if (earlier := first.setdefault(key(host), host)) is not host:
            yield index, earlier, host


def _is_name(text: str) -> bool:
    return bool(DOMAIN.fullmatch(text.lower())) and not is_no_address(text)


def address_hint(written: str, *, names: bool = True) -> str:
    """What to write for something that is no address; with `names` that may be a DNS name."""
    if (near := _meant(written)) and (names or is_ipv4(near)):
        return f'did you mean "{near}"?' + (_beside_address(written) if names else "")
    if letter := next((one for one in written if not one.isascii()), None):
        return f"{named(letter)} stands in no address, whatever it looks like"
    if written.count(":") > 1:
        return "kboot does not speak IPv6 yet"
    return "for example 192.168.1.11"


def _meant(written: str) -> str:
    """The address in `ssh://admin@192.168.1.11:22`, `192.168.1.11/24` or `W1.lab.example.`; empty without one."""
    plain = re.sub(r"^[^@]*@|(:\d+)?(/.*)?$|\.$", "", re.sub(r"^\w+://", "", written.strip()))
    if re.fullmatch(r"[\d.]+", plain):  # 010 is 8 to some programs and 10 to others
        plain = re.sub(r"\b0+(?=\d)", "", plain)
    return plain if plain != written and (is_ipv4(plain) or _is_name(plain)) else ""


def _beside_address(written: str) -> str:
    """Where the login name and the port that came with an address belong."""
    user = re.fullmatch(r"(?:\w+://)?([^@:/]+)@.*", written)
    port = re.fullmatch(r"[^:]*(?:://)?[^:]*:(\d{1,5})/?", written)
    parts = ([f"user: {user[1]}"] if user else []) + ([f"port: {port[1]}"] if port and is_port(port[1]) else [])
    return f" and `ssh: {{{', '.join(parts)}}}`" if parts else ""
