"""Asking writes nothing: the law of design.md that every fact's script answers the same with / mounted read-only."""

from bootstrap.run import asking
from bootstrap.transport.connection import Connection
from tests.laws.world import facts_of_hosts

# What differs between any two moments of a host at rest, and why; these must still be answered, and in the same way.
MOVING = {
    "clock": "time goes on",
    "free-space": "logs grow, kubelet clears away",
    "bootstrap-tokens": "holds the seconds that a token has left",
    "metrics": "pods come and go",
    "offer": "curl says after how many milliseconds nobody answered",
    "registry-replies": "curl says so here, too",
}


def told_apart(connection: Connection) -> dict[str, str]:
    """Facts whose answer differs when / is read-only, with both answers."""
    facts = list(facts_of_hosts())
    plain = asking.opening(operator=False) + asking.asking(facts)
    before = asking.read(facts, connection.run(plain, timeout_s=120).stdout)
    frozen = "mount --make-rprivate / && mount -o remount,bind,ro / || exit 9\n" + plain
    done = connection.run(f"unshare -m sh -s <<'KBOOT-EOF'\n{frozen}\nKBOOT-EOF\n", timeout_s=120)
    assert done.exit_code == 0, done.stderr
    after = asking.read(facts, done.stdout)
    return {
        fact.name: f"{one}\n{two}"
        for fact, one, two in zip(facts, before.answers, after.answers, strict=True)
        if (type(one) is not type(two) if fact.name.split()[0] in MOVING else one != two)
    }
