"""ufw, as its own files say it; what the kernel has stands in packet_filter.py."""

from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Network

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output

ANYWHERE = IPv4Network("0.0.0.0/0")
# The comment of the rules that kboot makes, by which it knows them again.
COMMENT = "kboot"


@dataclass(frozen=True, slots=True)
class Rule:
    """One IPv4 rule of ufw. `ports` is ufw's own word: any, 6443, 4443,10250 or 30000:32767.

    `direction` is in, out, or either with an interface (in_eth0); `route` marks a rule for forwarded packets. `ours`:
    kboot made it, as its comment says; no packet knows that, so two rules that differ in it alone are the same.
    """

    action: str
    protocol: str
    ports: str
    source: IPv4Network = ANYWHERE
    destination: IPv4Network = ANYWHERE
    route: bool = False
    direction: str = "in"
    source_ports: str = "any"
    ours: bool = field(default=False, compare=False, repr=False)

    def covers(self, other: "Rule") -> bool:
        """Whether every packet that `other` speaks of is matched by this rule, whatever the two then do with it."""
        return (
            self.route == other.route
            and self.direction == other.direction
            and self.source_ports in {"any", other.source_ports}
            and self.protocol in {"any", other.protocol}
            and _covers_ports(self.ports, other.ports)
            and other.source.subnet_of(self.source)
            and other.destination.subnet_of(self.destination)
        )

    def same_as(self, other: "Rule") -> bool:
        """Whether both speak of the same packets, however the ports are written, and do the same with them."""
        return self.action == other.action and self.covers(other) and other.covers(self)

    def matches_tcp(self, port: int) -> bool:
        """Whether some incoming packet for this TCP port of the host is matched."""
        incoming = not self.route and self.direction.startswith("in") and self.protocol in {"any", "tcp"}
        return incoming and _covers_ports(self.ports, str(port))


@dataclass(frozen=True, slots=True)
class Ufw:
    """ufw as configured: whether it is on (now and at boot), and all rules in their order.

    `lets_in`, `routes`: incoming and routed packets that no rule matches pass.
    """

    enabled: bool
    rules: tuple[Rule, ...]
    lets_in: bool = False
    routes: bool = False


def _covers_ports(ours: str, theirs: str) -> bool:
    if ours == "any" or theirs == "any":
        return ours == "any"
    return all(any(low <= first and last <= high for low, high in _ranges(ours)) for first, last in _ranges(theirs))


@cache
def _ranges(ports: str) -> tuple[tuple[int, int], ...]:
    parts = (part.partition(":") for part in ports.split(","))
    return tuple((int(low), int(high or low)) for low, _, high in parts)


def _rule(line: str) -> Rule:
    """`allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 [dapp sapp] in [comment=hex]`, as ufw's own backend reads it back."""
    action, protocol, ports, destination, source_ports, source, *rest = line.split()
    direction = next(word for word in reversed(rest) if not word.startswith("comment="))
    # As kboot makes them: no logging, no interface, no application profile. An edited one is the admin's.
    ours = action.removeprefix("route:") == "allow" and rest == ["in", f"comment={COMMENT.encode().hex()}"]
    return Rule(
        action=action.removeprefix("route:").removesuffix("_log").removesuffix("_log-all"),
        protocol=protocol,
        ports=ports,
        source=IPv4Network(source, strict=False),
        destination=IPv4Network(destination, strict=False),
        route=action.startswith("route:"),
        direction=direction,
        source_ports=source_ports,
        ours=ours and source_ports == "any",
    )


def _ufw(out: Output) -> Answer[Ufw]:
    if out.exit_code == ABSENT_CODE:
        return Absent("ufw is not installed")
    first, *lines = out.stdout.splitlines()
    policies = [line for line in lines if line.startswith("DEFAULT_")]
    accepting = {name for name, _, policy in (line.partition("=") for line in policies) if "ACCEPT" in policy.upper()}
    return Known(
        Ufw(
            first.strip().lower() == "enabled=yes",
            tuple(_rule(line) for line in lines if line not in policies),
            lets_in="DEFAULT_INPUT_POLICY" in accepting,
            routes="DEFAULT_FORWARD_POLICY" in accepting,
        )
    )


# ufw's files say what `ufw status` says and cost 3 ms instead of 200 (it is Python); user.rules holds the IPv4 rules.
UFW: Fact[Ufw] = Fact(
    "ufw",
    f"command -v ufw >/dev/null && [ -r /etc/ufw/ufw.conf ] || exit {ABSENT_CODE}; "
    "grep -i '^ENABLED=' /etc/ufw/ufw.conf || echo ENABLED=no; "
    "grep -E '^DEFAULT_(INPUT|FORWARD)_POLICY=' /etc/default/ufw 2>/dev/null; "
    "sed -n 's/^### tuple ### //p' /etc/ufw/user.rules /lib/ufw/user.rules 2>/dev/null; true",
    _ufw,
    answers=frozenset({0, ABSENT_CODE}),
)
