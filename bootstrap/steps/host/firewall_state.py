"""What ufw, on or to be turned on, has of what is wanted: the one reading that check and step decide by."""

from dataclasses import dataclass

from bootstrap.facts.network import Socket
from bootstrap.facts.ufw import Rule, Ufw
from bootstrap.model.target import Target
from bootstrap.steps.host.firewall_excess import outlived
from bootstrap.steps.host.firewall_rules import ssh_rules, wanted_rules
from bootstrap.steps.host.rules_by_source import RulesBySource


@dataclass(frozen=True, slots=True)
class FirewallState:
    """`wanted`: every rule of this host; `ssh`: those that let SSH in; `going`: rules of kboot's that may go."""

    ufw: Ufw
    wanted: tuple[Rule, ...]
    ssh: tuple[Rule, ...]
    going: tuple[Rule, ...]

    @property
    def staying(self) -> tuple[Rule, ...]:
        """ufw's rules but for those that go, in ufw's order."""
        return tuple(rule for rule in self.ufw.rules if rule not in self.going)

    @property
    def missing(self) -> tuple[Rule, ...]:
        """Wanted rules that no staying one covers."""
        staying = RulesBySource(self.staying)
        return tuple(rule for rule in self.wanted if not _is_open(rule, staying, ssh=rule in self.ssh))


def firewall_state(target: Target, ufw: Ufw, sockets: tuple[Socket, ...], live: int | None) -> FirewallState:
    """`sockets` listen on the host; `live` is the port of its sshd that kboot came in by."""
    wanted = wanted_rules(target, sockets, live)
    return FirewallState(ufw, wanted, ssh_rules(target, sockets, live), outlived(wanted, ufw.rules, sockets))


def _is_open(wanted: Rule, rules: RulesBySource, *, ssh: bool) -> bool:
    """Whether an allowing rule covers it.

    `limit` refuses an address its sixth connection in 30 seconds (ufw(8)), so it counts for SSH alone, which kboot
    opens once.
    """
    allowing = {"allow", "limit"} if ssh else {"allow"}
    return any(rule.action in allowing for rule in rules.covering(wanted))
