"""Step name-resolves."""

import ipaddress

from bootstrap.facts.files import file_text
from bootstrap.facts.network import name_addresses
from bootstrap.model.action import WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.unread import unread

PATH = "/etc/hosts"
FILE = file_text(PATH)
MARK = "# kboot: this node's name"


class NameResolves(Step):
    """The node's name resolves on the host itself, and the cluster's endpoint does when it is a name.

    kubeadm looks the node's name up in its preflight (`Hostname`), and kubelet, sudo and others do so all the time: a
    resolver that does not know it costs each of them its timeout. kubelet and kubeadm reach the API by the endpoint.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        names = [target.machine.name, *_endpoint_names(target)]
        return target.questions(FILE, *(name_addresses(name) for name in names))

    def decide(self, target: Target, facts: Facts) -> Decision:
        host = target.machine
        hosts_file, own = facts(target.asked, FILE), facts(target.asked, name_addresses(host.name))
        endpoints = [(name, facts(target.asked, name_addresses(name))) for name in _endpoint_names(target)]
        if waiting := unread(hosts_file, own, *(answer for _, answer in endpoints)):
            return waiting
        for name, answer in endpoints:
            if not isinstance(answer, Known):
                return Blocked(
                    Code.ENDPOINT_UNRESOLVED,
                    f"the cluster's endpoint {name} does not resolve on {host.name}",
                    f"add {name} to the DNS or to {PATH} of every host, then run again",
                )
        if isinstance(own, Known) and _is_own(own.value, host.node_address):
            return Satisfied()
        before = hosts_file.value if isinstance(hosts_file, Known) else None
        return Change(
            f"name {host.name} in {PATH} as {host.node_address}",
            (WriteFile(PATH, text(_with_line(before or "", host.node_address, host.name)), before=before),),
        )


def _endpoint_names(target: Target) -> tuple[str, ...]:
    name = target.inventory.endpoint.rpartition(":")[0]
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return () if name == target.machine.name else (name,)
    return ()


def _is_own(addresses: tuple[str, ...], node_address: str) -> bool:
    """Debian's 127.0.1.1 is as good as the node's address: the node's address itself comes from the inventory."""
    return any(address == node_address or address.startswith("127.") for address in addresses)


def _with_line(hosts: str, address: str, name: str) -> str:
    """The first line that names a host wins (hosts(5)), so ours stands first; an older one of ours goes."""
    kept = [line for line in hosts.splitlines(keepends=True) if MARK not in line]
    return f"{address} {name} {MARK}\n" + "".join(kept)
