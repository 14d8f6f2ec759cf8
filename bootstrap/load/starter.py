"""A first inventory from what hosts say of themselves: text for a person, who then edits it. Pure."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface

from bootstrap.load.yaml_scalar import OTHER_BOOLEAN, plain_scalar
from bootstrap.model.inventory import Cluster, Ssh
from bootstrap.model.network import free_network

# Interfaces that containers, virtual machines and tunnels make: no other host reaches their addresses.
_VIRTUAL = re.compile(r"(lo|docker|br-|veth|cni|flannel|cali|virbr|lxc|lxd|tun|tap|wg|tailscale|kube-)")


@dataclass(frozen=True, slots=True)
class Said:
    """One host: what was typed for it, how it was reached, and what it answered.

    `interfaces` are (name, address/prefix) in the host's order; `system` is what /etc/os-release calls it.
    """

    address: str
    ssh: Ssh
    host_name: str
    system: str
    interfaces: tuple[tuple[str, str], ...]

    @property
    def networks(self) -> tuple[IPv4Interface, ...]:
        """The addresses by which other machines could reach it."""
        found = (IPv4Interface(address) for name, address in self.interfaces if not _VIRTUAL.match(name))
        return tuple(one for one in found if not one.ip.is_loopback and not one.ip.is_link_local)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of `hosts`."""

    name: str
    said: Said
    role: str
    node_ip: IPv4Address | None
    among: tuple[IPv4Interface, ...]


def starter(hosts: Sequence[Said], cluster: str, ssh: Ssh, bundle: str | None) -> str:
    """The text of an inventory, commented; the first host is the control plane. `ssh` holds for all hosts."""
    shared = _shared_user(hosts)
    entries = _entries(hosts)
    lines = [
        "# Written by `kboot inventory init` from what the hosts said; it is yours to edit.",
        "# Every field: `kboot inventory reference`. Next: `kboot inventory check --hosts`, then `kboot up`.",
        "apiVersion: kboot/v1",
        "cluster:",
        f"  name: {_scalar(cluster)}",
        f'  kubernetes: "{Cluster().kubernetes}"',
        *_networks(hosts),
        *([f"  bundle: {_scalar(bundle)}"] if bundle else []),
        *_mapping("ssh", {**({"user": shared} if shared else {}), **_given(ssh)}),
        "hosts:",
    ]
    for entry in entries:
        lines += _host_lines(entry, shared)
    return "\n".join(lines) + "\n"


def _entries(hosts: Sequence[Said]) -> tuple[_Entry, ...]:
    """Names made unique, and the node addresses: one that only this host has, in the network that most hosts share."""
    everywhere = Counter(str(one.ip) for said in hosts for one in set(said.networks))
    shared = Counter(one.network for said in hosts for one in set(said.networks))
    made: list[_Entry] = []
    for said in hosts:
        own = tuple(one for one in said.networks if everywhere[str(one.ip)] == 1)
        best = sorted(own, key=lambda one: (str(one.ip) != said.address, -shared[one.network]))
        chosen = best[0].ip if best else None
        several = len(said.networks) > 1 or (chosen is not None and str(chosen) != said.address)
        name = _unique(said.host_name, {entry.name for entry in made})
        role = "worker" if made else "control-plane"
        made.append(_Entry(name, said, role, chosen if several else None, said.networks))
    return tuple(made)


def _host_lines(entry: _Entry, shared_user: str) -> Iterator[str]:
    said = entry.said
    renamed = "" if said.host_name == entry.name else f"; it calls itself {said.host_name}"
    yield f"  # {said.system}{renamed}"
    yield f"  - name: {_scalar(entry.name)}"
    yield f"    address: {said.address}"
    if entry.node_ip:
        yield f"    # The address by which the other nodes reach it; it has {', '.join(map(str, entry.among))}."
        yield f"    nodeIP: {entry.node_ip}"
    yield f"    role: {entry.role}"
    own = said.ssh.model_copy(update={"user": None}) if shared_user else said.ssh
    yield from (f"    {line}" for line in _mapping("ssh", _given(own)))


def _networks(hosts: Sequence[Said]) -> Iterator[str]:
    """Pod and service networks, where kboot's own would lie in one of the hosts' networks."""
    taken = tuple({one.network for said in hosts for one in said.networks})
    for key, default in (("podCIDR", Cluster().pod_cidr), ("serviceCIDR", Cluster().service_cidr)):
        if inside := [network for network in taken if network.overlaps(default)]:
            free = free_network((*taken, Cluster().pod_cidr, Cluster().service_cidr))
            taken = (*taken, free)
            yield f"  # The usual {default} overlaps with the hosts' own {', '.join(map(str, inside))}."
            yield f"  {key}: {free}"


def _shared_user(hosts: Iterable[Said]) -> str:
    """The login name that was given for all hosts; empty where they differ."""
    users = {said.ssh.user for said in hosts}
    return next(iter(users)) or "" if len(users) == 1 else ""


def _unique(host_name: str, taken: set[str]) -> str:
    """The host's own first label as a name of a node."""
    label = re.sub(r"[^a-z0-9]+", "-", host_name.partition(".")[0].lower()).strip("-")[:50].strip("-") or "host"
    return next(name for n in range(1, len(taken) + 2) if (name := label if n == 1 else f"{label}-{n}") not in taken)


def _given(ssh: Ssh) -> dict[str, object]:
    return ssh.model_dump(by_alias=True, exclude_none=True)


def _mapping(key: str, fields: dict[str, object]) -> Iterator[str]:
    if fields:
        yield f"{key}:"
        yield from (f"  {name}: {_scalar(value)}" for name, value in fields.items())


def _scalar(value: object) -> str:
    """Plain where YAML takes it as it looks, in quotes where not."""
    if isinstance(value, int):
        return str(value)
    text = str(value)
    is_word = re.fullmatch(r"[~/.A-Za-z][-\w./@:~]*", text) and not OTHER_BOOLEAN.fullmatch(text)
    return text if is_word and plain_scalar(text) == text and not text.endswith(":") else json.dumps(text)
