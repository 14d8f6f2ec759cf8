"""The host's network: interfaces, routes, names, listening sockets."""

import ipaddress
import json
import re
import shlex
from dataclasses import dataclass

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface with its IPv4 addresses, each as address/prefix."""

    name: str
    mac: str
    addresses: tuple[str, ...]

    def holds(self, address: str) -> bool:
        """Whether it carries this address."""
        return any(each.split("/")[0] == address for each in self.addresses)


def _interfaces(out: Output) -> Answer[tuple[Interface, ...]]:
    return Known(
        tuple(
            Interface(
                link["ifname"],
                link.get("address", ""),
                tuple(f"{one['local']}/{one['prefixlen']}" for one in link["addr_info"] if one.get("local")),
            )
            for link in json.loads(out.stdout)
            if link.get("addr_info")
        )
    )


# Interfaces with an IPv4 address: a node's many veth pairs have none.
INTERFACES: Fact[tuple[Interface, ...]] = Fact("interfaces", "ip -4 -j address show", _interfaces)


def _route(out: Output) -> Answer[str]:
    return Known(out.stdout.splitlines()[0].strip()) if out.exit_code == 0 else Absent(out.stderr.strip())


def route_to(address: str) -> Fact[str]:
    """The route that a packet to this address takes, as `ip route get` says it; Absent when there is none."""
    return Fact(f"route-to {address}", f"ip -4 route get {shlex.quote(address)}", _route, answers=frozenset({0, 2}))


def _resolved(out: Output) -> Answer[tuple[str, ...]]:
    if out.exit_code:
        return Absent("the name does not resolve")
    return Known(tuple(dict.fromkeys(line.split()[0] for line in out.stdout.splitlines() if line)))


def name_addresses(name: str) -> Fact[tuple[str, ...]]:
    """IPv4 addresses of a name as the host resolves it: /etc/hosts first, then the whole of NSS for at most 4 s.

    A resolver that does not answer in time counts as a name that does not resolve (getent(1): exit 2; timeout(1): 124).
    """
    quoted = shlex.quote(name)
    script = f"getent -s files ahostsv4 {quoted} || timeout 4 getent ahostsv4 {quoted}"
    return Fact(f"name-addresses {name}", script, _resolved, answers=frozenset({0, 2, 124}))


@dataclass(frozen=True, slots=True)
class Socket:
    """A listening socket and the name of one process that holds it (empty: the kernel's own)."""

    protocol: str
    address: str
    port: int
    process: str
    pid: int

    @property
    def on_loopback(self) -> bool:
        """Whether only this host can reach it."""
        address = self.address.strip("[]").split("%")[0]
        return address != "*" and ipaddress.ip_address(address).is_loopback


_HOLDER = re.compile(r'"(?P<name>[^"]*)",pid=(?P<pid>\d+)')


def _sockets(out: Output) -> Answer[tuple[Socket, ...]]:
    found = []
    for line in out.stdout.splitlines():
        protocol, _, _, _, local, *rest = line.split()
        address, _, port = local.rpartition(":")
        holder = _HOLDER.search(" ".join(rest))
        name, pid = (holder["name"], int(holder["pid"])) if holder else ("", 0)
        found.append(Socket(protocol, address, int(port), name, pid))
    return Known(tuple(found))


SOCKETS: Fact[tuple[Socket, ...]] = Fact("sockets", "ss -Hlntup", _sockets)


def _live_port(out: Output) -> Answer[int]:
    return Known(int(out.stdout.split()[3])) if out.exit_code == 0 else Absent("kboot did not come by SSH")


# The host's port that this very connection came in by: sshd leaves `client port server port` in SSH_CONNECTION
# (ssh(1)); sudo takes it away (sudoers(5), env_reset), so it is read from the environment of a process further up.
LIVE_SSH_PORT: Fact[int] = Fact(
    "live-ssh-port",
    "set --; pid=$$; while [ ${pid:-0} -gt 1 ]; do "
    'set -- "$@" /proc/$pid/environ; '
    "up=; while read -r key value; do [ $key = PPid: ] && up=$value && break; done </proc/$pid/status; pid=$up; "
    "done; found=$(grep -zahs -m 1 '^SSH_CONNECTION=' \"$@\" | tr '\\000' '\\n'); "
    f'[ -n "$found" ] || exit {ABSENT_CODE}; echo "$found"',
    _live_port,
    answers=frozenset({0, ABSENT_CODE}),
)
