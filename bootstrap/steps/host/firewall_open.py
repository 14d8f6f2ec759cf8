"""Step firewall-open."""

from collections.abc import Sequence

from bootstrap.facts.network import LIVE_SSH_PORT, SOCKETS
from bootstrap.facts.packages import PACKAGES, Package
from bootstrap.facts.ufw import UFW, Ufw
from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.cluster import FirewallPolicy
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.host.firewall_excess import remarks
from bootstrap.steps.host.firewall_rules import added, deleted
from bootstrap.steps.host.firewall_state import FirewallState, firewall_state
from bootstrap.steps.unread import unread

# ufw needs a third of a second for each rule (it is Python and runs iptables): one act for all of them.
SECONDS_A_RULE = 3


class FirewallOpen(Step):
    """An active ufw allows what this role needs: SSH first, then kubelet, API server, VXLAN and forwarded pod packets.

    kubernetes.io/docs/reference/networking/ports-and-protocols, plus flannel's 8472/udp, without which no pod reaches
    one on another host. An admin's rule that is wide enough counts. Rules that kboot made and that the inventory no
    longer asks for are deleted once the new ones are there. A host without a firewall stays without one, unless the
    inventory says `firewall: enabled`: then ufw is turned on when it has the rules, and denies all else that comes in
    or is forwarded.
    """

    follows = ("ufw-installed",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        policy = target.inventory.cluster.firewall.policy
        if policy == "leave":
            return ()
        return target.questions(UFW, SOCKETS, LIVE_SSH_PORT, *((PACKAGES,) if policy == "enabled" else ()))

    def decide(self, target: Target, facts: Facts) -> Decision:
        policy = target.inventory.cluster.firewall.policy
        if policy == "leave":
            return Satisfied("left alone, as the inventory says")
        answers = ufw, sockets, live = tuple(facts(target.asked, fact) for fact in (UFW, SOCKETS, LIVE_SSH_PORT))
        if waiting := unread(*answers):
            return waiting
        found = ufw.value if isinstance(ufw, Known) else None
        if policy == "manage" and (found is None or not found.enabled):
            return Satisfied("no ufw on this host" if isinstance(ufw, Absent) else "ufw is not active")
        if found is None:
            return _without_ufw(target, facts(target.asked, PACKAGES))
        return _managed(
            target,
            firewall_state(
                target,
                found,
                sockets.value if isinstance(sockets, Known) else (),
                live.value if isinstance(live, Known) else None,
            ),
            policy,
        )


def _without_ufw(target: Target, packages: Answer[dict[str, Package]]) -> Decision:
    installed = packages.value.get("ufw") if isinstance(packages, Known) else None
    if installed is None or not installed.installed:
        return unread(packages) or Later("ufw-installed", "turn ufw on, with the rules that a node needs")
    return Blocked(
        Code.UFW_MISSING,
        f"the inventory says `firewall: enabled`, and the files of ufw on {target.name} are gone",
        f"on {target.name}: sudo apt-get install --reinstall ufw; then run again",
    )


def _managed(target: Target, state: FirewallState, policy: FirewallPolicy) -> Decision:
    missing, going = state.missing, state.going
    lacking = _lacking(state.ufw) if policy == "enabled" else {}
    if not (missing or going or lacking):
        return Satisfied(f"ufw: {len(state.wanted)} rules", "\n".join(remarks(target, state.wanted, state.ufw, going)))
    parts = [f"add {_counted(missing)} to ufw"] if missing else []
    parts += lacking.values()
    parts += [f"delete {_counted(going)} of kboot's that the inventory no longer asks for"] if going else []
    # Before ufw is on, SSH is let in; the old rules go last: whoever may still come in is never kept out in between.
    commands = [*map(added, missing), *lacking, *map(deleted, going)]
    script, timeout_s = "\n".join(["set -e", *commands, ""]), 60.0 + SECONDS_A_RULE * len(commands)
    return Change(", ".join(parts), (Run(("sh",), stdin=text(script), timeout_s=timeout_s),))


def _lacking(ufw: Ufw) -> dict[str, str]:
    """Commands that turn it on, denying what no rule allows, each with its words (ufw(8); `routed` is forwarding)."""
    found = {}
    if ufw.lets_in:
        found["ufw default deny incoming"] = "deny incoming packets by default"
    if ufw.routes:
        found["ufw default deny routed"] = "deny routed packets by default"
    if not ufw.enabled:
        found["ufw --force enable"] = "turn ufw on"
    return found


def _counted(rules: Sequence[object]) -> str:
    return "1 rule" if len(rules) == 1 else f"{len(rules)} rules"
