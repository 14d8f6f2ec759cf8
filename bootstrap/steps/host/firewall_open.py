"""Step firewall-open."""

from bootstrap.facts.firewall import UFW, Rule
from bootstrap.facts.network import SOCKETS
from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.host.firewall_rules import command, wanted_rules
from bootstrap.steps.unread import unread

# ufw needs a third of a second for each rule (it is Python and runs iptables): one act for all of them.
SECONDS_A_RULE = 3


class FirewallOpen(Step):
    """An active ufw allows what this role needs: SSH first, then kubelet, API server, VXLAN and forwarded pod packets.

    kubernetes.io/docs/reference/networking/ports-and-protocols, plus flannel's 8472/udp, without which no pod reaches
    one on another host. An admin's rule that is wide enough counts. A host without a firewall stays without one.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(UFW, SOCKETS)

    def decide(self, target: Target, facts: Facts) -> Decision:
        ufw, sockets = facts(target.asked, UFW), facts(target.asked, SOCKETS)
        if waiting := unread(ufw, sockets):
            return waiting
        if target.inventory.cluster.firewall.policy == "leave":
            return Satisfied("left alone, as the inventory says")
        if isinstance(ufw, Absent):
            return Satisfied(remark="no firewall on this host")
        if not isinstance(ufw, Known) or not ufw.value.enabled:
            return Satisfied(remark="no firewall on this host: ufw is not active")
        wanted = wanted_rules(target, sockets.value if isinstance(sockets, Known) else ())
        missing = [rule for rule in wanted if not is_open(rule, ufw.value.rules)]
        if not missing:
            return Satisfied(f"ufw: {len(wanted)} rules")
        script = "set -e\n" + "".join(f"{command(rule)}\n" for rule in missing)
        timeout_s = 60.0 + SECONDS_A_RULE * len(missing)
        return Change(f"add {len(missing)} rules to ufw", (Run(("sh",), stdin=text(script), timeout_s=timeout_s),))


def is_open(wanted: Rule, rules: tuple[Rule, ...]) -> bool:
    """Whether an allowing rule covers it; `limit` allows too, and counts for SSH alone, which kboot opens once."""
    return any(rule.covers(wanted) and rule.action in {"allow", "limit"} for rule in rules)
