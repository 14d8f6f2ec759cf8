"""Acts on a lab host by kboot's own hands, and what a test does to them meanwhile."""

from collections.abc import Mapping
from pathlib import Path

from bootstrap.facts.files import file_text
from bootstrap.model.action import Action
from bootstrap.model.fact import Question
from bootstrap.model.text import Secret
from bootstrap.run.eyes import Patience
from bootstrap.run.hands import Deed, Hands
from bootstrap.run.ledger import Ledger, Since
from bootstrap.transport.connection import Connection

TOKEN = "abcdef.0123456789abcdef"
PATH = "/etc/kboot-test"
_VAULT = {"join-token": Secret(TOKEN)}
# OpenSSH 9.8 moved what serves one connection into a program of its own (release notes of 9.8).
_OWN_SSHD = """\
p=$$; while [ $p -gt 1 ]; do
    read -r _ n _ q _ </proc/$p/stat
    case $n in '(sshd)' | '(sshd-session)') break ;; esac
    p=$q
done; echo $p"""


def mark(host: str) -> Question:
    """What stands in the test's file on that host."""
    return Question(host, file_text(PATH))


def hands(ways: Mapping[str, Connection], host: str = "w1") -> tuple[Hands, Ledger]:
    """Hands on a host that was asked once, and what they know."""
    ledger = Ledger()
    made = Hands(host, ways[host], ledger, Patience())
    assert made.ask([mark(host)], Since()) is None
    return made, ledger


def deed(*actions: Action, host: str = "w1") -> Deed:
    """An act of these actions that ends by asking for the test's file."""
    return Deed(actions, _VAULT, lambda _digest: Path("/nowhere"), (mark(host),))


def sh(ways: Mapping[str, Connection], script: str, host: str = "w1") -> str:
    """A script on the host by kboot's transport, as root."""
    return ways[host].run(script, timeout_s=30).text.strip()


def own_sshd(ways: Mapping[str, Connection], host: str = "w1") -> str:
    """Process id of the sshd that serves this very connection."""
    return sh(ways, _OWN_SSHD, host)
