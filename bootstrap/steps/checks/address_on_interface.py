"""Check address-on-interface."""

import ipaddress

from bootstrap.facts.network import INTERFACES, Interface
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread

# Bridges and tunnels for containers and virtual machines: their addresses lead nowhere outside the host.
_INWARD = ("docker", "br-", "cni", "flannel", "virbr", "lxcbr", "lxdbr", "podman")


class AddressOnInterface(Finding):
    """The node's address is on one of the host's interfaces, and no other host has it too.

    The API server advertises it, kubelet's --node-ip must be the host's own (kubernetes.io/docs/reference/
    command-line-tools-reference/kubelet), and flannel takes its interface; an address that a NAT maps, or a name, is
    for SSH only. A NAT's own card has the same address on every machine (Vagrant's 10.0.2.15): nobody else reaches it.
    What decides is nodeIP, else address. A host that cannot be reached is not compared with.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return (*target.questions(INTERFACES), *(Question(name, INTERFACES) for name in _others(target)))

    def find(self, target: Target, facts: Facts) -> Decision:
        answer, host = facts(target.asked, INTERFACES), target.machine
        if not isinstance(answer, Known):
            return unread(answer) or Waiting(f"the interfaces of {target.name}")
        others = _addresses_of_others(target, facts)
        usable = _usable(answer.value, frozenset(others))
        for interface in answer.value:
            if interface.holds(host.node_address):
                if twins := others.get(host.node_address):
                    problem = (
                        f"{host.node_address} ({interface.name}) of {host.name} is on {', '.join(twins)} too, "
                        "as a NAT's card is: other nodes do not reach it"
                    )
                    return Blocked(Code.ADDRESS_SHARED, problem, _advice(target, usable))
                return Satisfied(f"{host.node_address} on {interface.name}")
        problem = f"{host.node_address} is on no interface of {host.name}, which has {_listed(_own(answer.value))}"
        return Blocked(Code.ADDRESS_FOREIGN, problem, _advice(target, usable))


def _others(target: Target) -> tuple[str, ...]:
    return tuple(host.name for host in target.wanted.taking_part if host.name != target.asked)


def _addresses_of_others(target: Target, facts: Facts) -> dict[str, list[str]]:
    """address -> the other hosts that have it."""
    found: dict[str, list[str]] = {}
    for name in _others(target):
        answer = facts(name, INTERFACES)
        if isinstance(answer, Known):
            for address, _ in _own(answer.value):
                found.setdefault(address, []).append(name)
    return found


def _own(interfaces: tuple[Interface, ...]) -> list[tuple[str, str]]:
    """(address, interface) of what is neither loopback nor link-local."""
    both = ((address.split("/")[0], one.name) for one in interfaces for address in one.addresses)
    parsed = ((ipaddress.ip_address(address), name) for address, name in both)
    return [(str(one), name) for one, name in parsed if not (one.is_loopback or one.is_link_local)]


def _usable(interfaces: tuple[Interface, ...], elsewhere: frozenset[str]) -> list[tuple[str, str]]:
    """Addresses by which other nodes may reach this one."""
    return [(one, name) for one, name in _own(interfaces) if one not in elsewhere and not name.startswith(_INWARD)]


def _advice(target: Target, usable: list[tuple[str, str]]) -> str:
    """The line of the inventory that decides, with what to write there where only one address will do."""
    place = target.wanted.places.get(target.asked)
    line = f"hosts[{target.inventory.hosts.index(target.machine)}].nodeIP" + (f" ({place})" if place else "")
    match usable:
        case []:
            return f"give {target.name} a card by which other nodes reach it, and name its address in {line}"
        case [(address, _)]:
            return f"{line} in the inventory decides; for {target.name}: `nodeIP: {address}`"
    return f"{line} in the inventory decides: the one of {_listed(usable)} by which other nodes reach {target.name}"


def _listed(addresses: list[tuple[str, str]]) -> str:
    return ", ".join(f"{address} ({name})" for address, name in addresses) or "none"
