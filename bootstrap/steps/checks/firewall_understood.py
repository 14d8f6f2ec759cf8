"""Check firewall-understood."""

from dataclasses import replace

from bootstrap.facts.network import INTERFACES, LIVE_SSH_PORT, SOCKETS
from bootstrap.facts.packet_filter import PACKET_FILTER
from bootstrap.facts.services import UNITS
from bootstrap.facts.ufw import UFW, Rule, Ufw
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.host.firewall_state import FirewallState, firewall_state
from bootstrap.steps.host.foreign_firewall import Barrier, barrier, beside_ufw, kept, lines, short
from bootstrap.steps.host.packet_path import filters
from bootstrap.steps.host.rules_by_source import RulesBySource
from bootstrap.steps.unread import unread

LEAVE = "or vouch for it yourself: `firewall: leave` in the inventory's cluster"

_REFUSING = frozenset({"deny", "reject"})
_NOBODY = Ufw(enabled=False, rules=())
_SHOWN = 3


class FirewallUnderstood(Finding):
    """Whatever filters the host's packets lets a node's pass, or is ufw, which kboot opens.

    A firewall that stays closed cuts nodes and pods off one by one, long after `kubeadm init` said that all is well.
    ufw takes the first rule that matches (ufw(8)), so an earlier deny beats any rule that would be added; so does a
    limit, which refuses an address its sixth connection in 30 seconds, but for SSH's port. firewalld, nftables and
    iptables are read as the kernel has them, and never changed: what has to be typed there is said to the word. That
    SSH passes, needs no reading.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        left = target.inventory.cluster.firewall.policy == "leave"
        return () if left else target.questions(UFW, UNITS, PACKET_FILTER, SOCKETS, LIVE_SSH_PORT, INTERFACES)

    def find(self, target: Target, facts: Facts) -> Decision:
        if target.inventory.cluster.firewall.policy == "leave":
            return Satisfied("left alone, as the inventory says")
        ufw, units, filtered = (facts(target.asked, fact) for fact in (UFW, UNITS, PACKET_FILTER))
        sockets, live, cards = (facts(target.asked, fact) for fact in (SOCKETS, LIVE_SSH_PORT, INTERFACES))
        if waiting := unread(ufw, units, filtered, sockets, live, cards):
            return waiting
        on = ufw.value if isinstance(ufw, Known) and ufw.value.enabled else None
        listening = sockets.value if isinstance(sockets, Known) else ()
        state = firewall_state(target, on or _NOBODY, listening, live.value if isinstance(live, Known) else None)
        if on and (denied := _denied_by_ufw(target.name, state)):
            return denied
        interfaces = cards.value if isinstance(cards, Known) else ()
        tables = filtered.value.tables if isinstance(filtered, Known) else ()
        wanted = tuple(rule for rule in state.wanted if rule not in state.ssh)
        # What ufw opens, firewall-open knows.
        judged = map(beside_ufw, tables) if on else tables
        found = (barrier(target, one, wanted, interfaces) for one in judged)
        own = next((one.name for one in interfaces if one.holds(target.machine.node_address)), "")
        if barriers := [one for one in found if one]:
            return _told(target.name, barriers, own)
        firewalld = units.value.get("firewalld.service") if isinstance(units, Known) else None
        if firewalld and firewalld.is_active and not any(table.kind == "firewalld" for table in tables):
            problem = f"firewalld runs on {target.name}, and its rules cannot be read (FirewallBackend=iptables?)"
            return Blocked(Code.FIREWALL_UNKNOWN, problem, f"open what a node needs in it, {LEAVE}")
        kinds = ["ufw"] if on else sorted({one.kind for one in tables if filters(one)})
        return Satisfied(", ".join(kinds)) if kinds else _none(target)


def _none(target: Target) -> Satisfied:
    if target.inventory.cluster.firewall.policy == "enabled":
        return Satisfied("none yet: firewall-open turns ufw on")
    return Satisfied(remark="no firewall on this host")


def _told(host: str, barriers: list[Barrier], interface: str) -> Blocked:
    """All of them at once: a packet has to pass each."""
    ends = [(one, rule, end) for one in barriers for rule, end in one.ends]
    words = [f"{_words(rule)} ({end.by})" for _, rule, end in ends[:_SHOWN]]
    more = f" and {len(ends) - _SHOWN} more" if len(ends) > _SHOWN else ""
    unsure = next((end for _, _, end in ends if end.outcome == "unread"), None)
    kinds = " and ".join(dict.fromkeys(one.kind for one in barriers))
    doubt = " (or may: a rule is of a kind that kboot does not read)" if unsure else ""
    advice = [f"on {host}:"]
    for one in barriers:
        advice += [*lines(one, interface), f"# {kept(one)}"]
    return Blocked(
        Code.FIREWALL_UNKNOWN,
        f"{kinds} on {host} refuses what a node needs{doubt}: {', '.join(words)}{more}",
        "\n".join([*advice, f"then run again; {LEAVE}"]),
    )


def _words(rule: Rule) -> str:
    source = short(rule.source)
    if rule.route:
        return f"packets forwarded from {source} to {short(rule.destination)}"
    return f"{rule.ports}/{rule.protocol} from {source}"


def _denied_by_ufw(host: str, state: FirewallState) -> Blocked | None:
    """Port by port, and without the rules that firewall-open deletes: the next one may refuse what those allowed."""
    staying = RulesBySource(state.staying)
    for wanted, rule in ((one, replace(one, ports=port)) for one in state.wanted for port in one.ports.split(",")):
        first = next(staying.covering(rule), None)
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
