"""Check address-on-interface."""

import ipaddress

from bootstrap.facts.network import INTERFACES
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread


class AddressOnInterface(Finding):
    """The node's address is on one of the host's interfaces.

    The API server advertises it and kubelet's --node-ip must be the host's own (kubernetes.io/docs/reference/
    command-line-tools-reference/kubelet); an address that a NAT maps, or a name, is for SSH only.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(INTERFACES)

    def find(self, target: Target, facts: Facts) -> Decision:
        answer, host = facts(target.asked, INTERFACES), target.machine
        if not isinstance(answer, Known):
            return unread(answer) or Waiting(f"the interfaces of {target.name}")
        for interface in answer.value:
            if interface.holds(host.node_address):
                return Satisfied(f"{host.node_address} on {interface.name}")
        own = [address.split("/")[0] for interface in answer.value for address in interface.addresses]
        usable = [address for address in own if not ipaddress.ip_address(address).is_loopback]
        return Blocked(
            Code.ADDRESS_FOREIGN,
            f"{host.node_address} is on no interface of {host.name}, which has {', '.join(usable) or 'none'}",
            f"set nodeIP of {host.name} in the inventory to the address that the other nodes reach it by",
        )
