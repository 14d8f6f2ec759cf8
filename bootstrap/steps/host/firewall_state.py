"""What ufw, on or to be turned on, has of what is wanted: the one reading that check and step decide by."""

from dataclasses import dataclass

from bootstrap.facts.network import Socket
from bootstrap.facts.ufw import Rule, Ufw
from bootstrap.model.target import Target
from bootstrap.steps.host.firewall_excess import outlived
from bootstrap.steps.host.firewall_rules import is_ssh, wanted_rules


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
        return tuple(rule for rule in self.wanted if not is_open(rule, self.staying, ssh=rule in self.ssh))


def firewall_state(target: Target, ufw: Ufw, sockets: tuple[Socket, ...], live: int | None) -> FirewallState:
    """`sockets` listen on the host; `live` is the port of its sshd that kboot came in by."""
    wanted = wanted_rules(target, sockets, live)
    ssh = tuple(rule for rule in wanted if is_ssh(rule, target, sockets, live))
    return FirewallState(ufw, wanted, ssh, outlived(wanted, ufw.rules, sockets))


def is_open(wanted: Rule, rules: tuple[Rule, ...], *, ssh: bool = False) -> bool:
    """Whether an allowing rule covers it.

    `limit` refuses an address its sixth connection in 30 seconds (ufw(8)), so it counts for SSH alone, which kboot
    opens once.
    """
    allowing = {"allow", "limit"} if ssh else {"allow"}
    return any(rule.covers(wanted) and rule.action in allowing for rule in rules)
