"""Check identity-unique."""

from collections import defaultdict
from collections.abc import Iterator

from bootstrap.facts.network import INTERFACES
from bootstrap.facts.system import HOSTNAME, MACHINE_ID
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread


class IdentityUnique(Finding):
    """No two hosts have the same machine id, the same hostname, nor the same MAC address behind their node's address.

    Hosts that were cloned from one image often do (kubernetes.io/docs/setup/production-environment/tools/kubeadm/
    install-kubeadm, "Unique hostname, MAC address, and product_uuid for every node"). By the machine id kboot tells
    whether a Node is this host; node names come from the inventory. A host that cannot be reached is left out.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return tuple(
            Question(host.name, fact) for host in target.inventory.hosts for fact in (MACHINE_ID, HOSTNAME, INTERFACES)
        )

    def find(self, target: Target, facts: Facts) -> Decision:
        answers = [facts(host.name, MACHINE_ID) for host in target.inventory.hosts]
        if not any(isinstance(answer, Known) for answer in answers):
            return unread(*answers) or Waiting("a machine id: no host has one")
        owners: dict[tuple[str, str], list[str]] = defaultdict(list)
        for mark, host in _marks(target, facts):
            owners[mark].append(host)
        shared = {mark: hosts for mark, hosts in owners.items() if len(hosts) > 1}
        if not shared:
            return Satisfied()
        told = (f"{', '.join(hosts)} have the same {kind}, {value}" for (kind, value), hosts in shared.items())
        advice = (_advice(kind, hosts) for (kind, _), hosts in shared.items())
        return Blocked(Code.IDENTITY_SHARED, "; ".join(told), "; ".join(advice))


# Not systemd-machine-id-setup(1): in a container and in KVM it takes the id from outside, which clones often share.
_NEW_MACHINE_ID = (
    "sudo rm -f /etc/machine-id /var/lib/dbus/machine-id; "
    "tr -d - </proc/sys/kernel/random/uuid | sudo tee /etc/machine-id"
)


def _advice(kind: str, hosts: list[str]) -> str:
    if kind == "machine id":
        return f"on each but one of {', '.join(hosts)}: `{_NEW_MACHINE_ID}`"
    if kind == "hostname":
        return "; ".join(f"on {host}: `sudo hostnamectl set-hostname {host}`" for host in hosts)
    return f"give each of {', '.join(hosts)} a MAC address of its own, where the virtual machines are defined"


def _marks(target: Target, facts: Facts) -> Iterator[tuple[tuple[str, str], str]]:
    for host in target.inventory.hosts:
        machine_id, interfaces = facts(host.name, MACHINE_ID), facts(host.name, INTERFACES)
        if isinstance(machine_id, Known):
            yield ("machine id", machine_id.value), host.name
        name = facts(host.name, HOSTNAME)
        if isinstance(name, Known):
            yield ("hostname", name.value), host.name
        if isinstance(interfaces, Known):
            macs = {each.mac for each in interfaces.value if each.mac and each.holds(host.node_address)}
            yield from ((("MAC address", mac), host.name) for mac in sorted(macs))
