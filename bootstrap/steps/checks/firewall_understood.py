"""Check firewall-understood."""

from dataclasses import replace

from bootstrap.facts.firewall import INPUT_DENIED, UFW
from bootstrap.facts.network import LIVE_SSH_PORT, SOCKETS
from bootstrap.facts.services import UNITS
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.host.firewall_state import FirewallState, firewall_state
from bootstrap.steps.unread import unread

LEAVE = (
    "open what a node needs yourself (kubernetes.io/docs/reference/networking/ports-and-protocols, and 8472/udp), "
    "and set cluster.firewall.policy: leave"
)

_REFUSING = frozenset({"deny", "reject"})


class FirewallUnderstood(Finding):
    """What filters the host's packets is ufw or nothing, and no rule of the admin's refuses what a node needs.

    A firewall that kboot cannot open cuts nodes and pods off one by one, long after `kubeadm init` said that all is
    well. ufw takes the first rule that matches (ufw(8)), so an earlier deny beats any rule that would be added; so does
    a limit, which refuses an address its sixth connection in 30 seconds, but for SSH's port.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(UFW, UNITS, INPUT_DENIED, SOCKETS, LIVE_SSH_PORT)

    def find(self, target: Target, facts: Facts) -> Decision:
        ufw, units, denied = (facts(target.asked, fact) for fact in (UFW, UNITS, INPUT_DENIED))
        sockets, live = facts(target.asked, SOCKETS), facts(target.asked, LIVE_SSH_PORT)
        if waiting := unread(ufw, units, denied, sockets, live):
            return waiting
        name = target.name
        if target.inventory.cluster.firewall.policy == "leave":
            return Satisfied("left alone, as the inventory says")
        firewalld = units.value.get("firewalld.service") if isinstance(units, Known) else None
        if firewalld and firewalld.is_active:
            return Blocked(Code.FIREWALL_UNKNOWN, f"firewalld runs on {name}; kboot can open ufw only", LEAVE)
        if isinstance(ufw, Known) and ufw.value.enabled:
            listening = sockets.value if isinstance(sockets, Known) else ()
            port = live.value if isinstance(live, Known) else None
            return _denied_by_ufw(target.name, firewall_state(target, ufw.value, listening, port)) or Satisfied("ufw")
        if isinstance(denied, Known) and denied.value:
            problem = f"incoming packets are refused by default on {name} ({denied.value[0]}), and not by ufw"
            return Blocked(Code.FIREWALL_UNKNOWN, problem, LEAVE)
        return Satisfied("no firewall on this host")


def _denied_by_ufw(host: str, state: FirewallState) -> Blocked | None:
    """Port by port, and without the rules that firewall-open deletes: the next one may refuse what those allowed."""
    for wanted, rule in ((one, replace(one, ports=port)) for one in state.wanted for port in one.ports.split(",")):
        first = next((one for one in state.staying if one.covers(rule)), None)
        refusing = _REFUSING if wanted in state.ssh else _REFUSING | {"limit"}
        if first and first.action in refusing:
            what = f"{first.ports}/{first.protocol}" if first.ports != "any" else "all ports"
            kind = "routed " if first.route else ""
            return Blocked(
                Code.FIREWALL_DENIES,
                f"ufw on {host} has a rule to {first.action} {kind}{what} from {first.source}, before any that allows",
                f"on {host}: sudo ufw status numbered; sudo ufw delete NUMBER",
            )
    return None
