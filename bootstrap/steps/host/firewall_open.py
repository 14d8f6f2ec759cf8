"""Step firewall-open."""

from collections.abc import Sequence

from bootstrap.facts.firewall import UFW, Rule, Ufw
from bootstrap.facts.network import SOCKETS, Socket
from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.host.firewall_excess import outlived, remarks
from bootstrap.steps.host.firewall_rules import added, deleted, is_ssh, wanted_rules
from bootstrap.steps.unread import unread

# ufw needs a third of a second for each rule (it is Python and runs iptables): one act for all of them.
SECONDS_A_RULE = 3


class FirewallOpen(Step):
    """An active ufw allows what this role needs: SSH first, then kubelet, API server, VXLAN and forwarded pod packets.

    kubernetes.io/docs/reference/networking/ports-and-protocols, plus flannel's 8472/udp, without which no pod reaches
    one on another host. An admin's rule that is wide enough counts. Rules that kboot made and that the inventory no
    longer asks for are deleted once the new ones are there. A host without a firewall stays without one.
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
        return _managed(target, ufw.value, sockets.value if isinstance(sockets, Known) else ())


def _managed(target: Target, ufw: Ufw, sockets: tuple[Socket, ...]) -> Decision:
    wanted = wanted_rules(target, sockets)
    going = outlived(wanted, ufw.rules, sockets)
    staying = tuple(rule for rule in ufw.rules if rule not in going)
    missing = [rule for rule in wanted if not is_open(rule, staying, ssh=is_ssh(rule, target, sockets))]
    if not (missing or going):
        return Satisfied(f"ufw: {len(wanted)} rules", "\n".join(remarks(target, wanted, ufw, sockets)))
    parts = ((missing, "add {} to ufw"), (going, "delete {} of kboot's that the inventory no longer asks for"))
    summary = ", ".join(words.format(_counted(some)) for some, words in parts if some)
    # The old ones go last: whoever may still come in is never kept out in between.
    commands = [*map(added, missing), *map(deleted, going)]
    script, timeout_s = "\n".join(["set -e", *commands, ""]), 60.0 + SECONDS_A_RULE * len(commands)
    return Change(summary, (Run(("sh",), stdin=text(script), timeout_s=timeout_s),))


def _counted(rules: Sequence[Rule]) -> str:
    return "1 rule" if len(rules) == 1 else f"{len(rules)} rules"


def is_open(wanted: Rule, rules: tuple[Rule, ...], *, ssh: bool = False) -> bool:
    """Whether an allowing rule covers it.

    `limit` refuses an address its sixth connection in 30 seconds (ufw(8)), so it counts for SSH alone, which kboot
    opens once.
    """
    allowing = {"allow", "limit"} if ssh else {"allow"}
    return any(rule.covers(wanted) and rule.action in allowing for rule in rules)
