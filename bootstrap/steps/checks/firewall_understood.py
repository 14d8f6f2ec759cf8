"""Check firewall-understood."""

from bootstrap.facts.firewall import INPUT_DENIED, UFW, Rule
from bootstrap.facts.network import SOCKETS
from bootstrap.facts.services import UNITS
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.host.firewall_rules import wanted_rules
from bootstrap.steps.unread import unread

LEAVE = (
    "open what a node needs yourself (kubernetes.io/docs/reference/networking/ports-and-protocols, and 8472/udp), "
    "and set cluster.firewall.policy: leave"
)


class FirewallUnderstood(Finding):
    """What filters the host's packets is ufw or nothing, and no rule of the admin's refuses what a node needs.

    A firewall that kboot cannot open cuts nodes and pods off one by one, long after `kubeadm init` said that all is
    well. ufw takes the first rule that matches (ufw(8)), so an earlier deny beats any rule that would be added.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(UFW, UNITS, INPUT_DENIED, SOCKETS)

    def find(self, target: Target, facts: Facts) -> Decision:
        ufw, units, denied, sockets = (facts(target.asked, fact) for fact in (UFW, UNITS, INPUT_DENIED, SOCKETS))
        if waiting := unread(ufw, units, denied, sockets):
            return waiting
        name = target.name
        if target.inventory.cluster.firewall.policy == "leave":
            return Satisfied("left alone, as the inventory says")
        firewalld = units.value.get("firewalld.service") if isinstance(units, Known) else None
        if firewalld and firewalld.is_active:
            return Blocked(Code.FIREWALL_UNKNOWN, f"firewalld runs on {name}; kboot can open ufw only", LEAVE)
        if isinstance(ufw, Known) and ufw.value.enabled:
            wanted = wanted_rules(target, sockets.value if isinstance(sockets, Known) else ())
            return _denied_by_ufw(name, wanted, ufw.value.rules) or Satisfied("ufw")
        if isinstance(denied, Known) and denied.value:
            problem = f"incoming packets are refused by default on {name} ({denied.value[0]}), and not by ufw"
            return Blocked(Code.FIREWALL_UNKNOWN, problem, LEAVE)
        return Satisfied("no firewall on this host")


def _denied_by_ufw(host: str, wanted: tuple[Rule, ...], rules: tuple[Rule, ...]) -> Blocked | None:
    for rule in wanted:
        first = next((one for one in rules if one.covers(rule)), None)
        if first and first.action in {"deny", "reject"}:
            what = f"{first.ports}/{first.protocol}" if first.ports != "any" else "all ports"
            kind = "routed " if first.route else ""
            return Blocked(
                Code.FIREWALL_DENIES,
                f"ufw on {host} has a rule to {first.action} {kind}{what} from {first.source}, before any that allows",
                f"on {host}: sudo ufw status numbered; sudo ufw delete NUMBER",
            )
    return None
