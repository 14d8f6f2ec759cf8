"""Check identity-unique."""

from collections import defaultdict
from collections.abc import Iterator

from bootstrap.facts.network import INTERFACES
from bootstrap.facts.system import MACHINE_ID
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread


class IdentityUnique(Finding):
    """No two hosts have the same machine id, nor the same MAC address behind their node's address.

    Hosts that were cloned from one image often do (kubernetes.io/docs/setup/production-environment/tools/kubeadm/
    install-kubeadm, "Verify the MAC address and product_uuid are unique"). By the machine id kboot tells whether a Node
    is this host. A host that cannot be reached is left out.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return tuple(Question(host.name, fact) for host in target.inventory.hosts for fact in (MACHINE_ID, INTERFACES))

    def find(self, target: Target, facts: Facts) -> Decision:
        answers = [facts(host.name, MACHINE_ID) for host in target.inventory.hosts]
        if not any(isinstance(answer, Known) for answer in answers):
            return unread(*answers) or Waiting("a machine id: no host has one")
        owners: dict[tuple[str, str], list[str]] = defaultdict(list)
        for mark, host in _marks(target, facts):
            owners[mark].append(host)
        for (kind, value), hosts in owners.items():
            if len(hosts) > 1:
                return Blocked(Code.IDENTITY_SHARED, f"{', '.join(hosts)} have the same {kind}, {value}", _ADVICE[kind])
        return Satisfied()


_ADVICE = {
    "machine id": "on each but one: sudo rm /etc/machine-id /var/lib/dbus/machine-id; sudo systemd-machine-id-setup",
    "MAC address": "give each virtual machine a MAC address of its own",
}


def _marks(target: Target, facts: Facts) -> Iterator[tuple[tuple[str, str], str]]:
    for host in target.inventory.hosts:
        machine_id, interfaces = facts(host.name, MACHINE_ID), facts(host.name, INTERFACES)
        if isinstance(machine_id, Known):
            yield ("machine id", machine_id.value), host.name
        if isinstance(interfaces, Known):
            macs = {each.mac for each in interfaces.value if each.mac and each.holds(host.node_address)}
            yield from ((("MAC address", mac), host.name) for mac in sorted(macs))
