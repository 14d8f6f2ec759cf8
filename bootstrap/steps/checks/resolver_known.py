"""Check resolver-known."""

import ipaddress

from bootstrap.facts.files import file_text
from bootstrap.facts.services import UNITS
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread

PATH = "/etc/resolv.conf"
FILE = file_text(PATH)
# systemd-resolved's stubs (systemd-resolved.service(8)).
STUBS = {"127.0.0.53", "127.0.0.54"}


class ResolverKnown(Finding):
    """The host's resolv.conf names a server that pods can ask too.

    kubelet gives it to CoreDNS, which asks those servers for all names outside the cluster. With systemd-resolved
    kubeadm hands kubelet its real list; any other 127.* would be CoreDNS itself: a loop, at which it stops
    (coredns.io/plugins/loop). No server at all is an error to CoreDNS as well.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(FILE, UNITS)

    def find(self, target: Target, facts: Facts) -> Decision:
        file, units = facts(target.asked, FILE), facts(target.asked, UNITS)
        if waiting := unread(file, units):
            return waiting
        if given := target.inventory.cluster.overlays.kubelet.get("resolvConf"):
            return Satisfied(f"kubelet's resolvConf is {given}, as the inventory says")
        servers = nameservers(file.value) if isinstance(file, Known) else []
        if not servers:
            problem = f"{PATH} of {target.name} names no server"
            return Blocked(Code.RESOLVER_USELESS, problem, f"write `nameserver ADDRESS` into {PATH} of {target.name}")
        resolved = units.value.get("systemd-resolved.service") if isinstance(units, Known) else None
        local = [server for server in servers if _is_loopback(server)]
        if not local or (resolved and resolved.is_active and set(local) <= STUBS):
            return Satisfied(", ".join(servers))
        return Blocked(
            Code.RESOLVER_USELESS,
            f"{PATH} of {target.name} names {', '.join(local)}, a resolver of the host that pods cannot ask",
            "write the real servers into a file and name it in cluster.overlays.kubelet.resolvConf",
        )


def nameservers(text: str) -> list[str]:
    """The addresses of its `nameserver` lines (resolv.conf(5))."""
    fields = (line.split() for line in text.splitlines())
    return [words[1] for words in fields if len(words) > 1 and words[0] == "nameserver"]


def _is_loopback(server: str) -> bool:
    try:
        return ipaddress.ip_address(server.partition("%")[0]).is_loopback
    except ValueError:
        return False
