"""What to do about the key that a server offers, decided before any credential is sent."""

import shlex
import threading
from pathlib import Path

from bootstrap.transport import known_hosts
from bootstrap.transport.errors import HostKeyChanged, HostKeyUnknown
from bootstrap.transport.known_hosts import HostKey, KnownHosts, Verdict
from bootstrap.transport.settings import SshSettings

TRUST = "kboot hosts trust"
_SYSTEM_KNOWN_HOSTS = Path("/etc/ssh/ssh_known_hosts")


class HostKeys:
    """The known_hosts files of one run, each read once. Safe between threads.

    `trust` is the command that a refusal advises, before the host's name: it may name an inventory.
    """

    def __init__(self, trust: str = TRUST) -> None:
        self._trust = trust
        self._lock = threading.Lock()
        self._files: dict[Path, KnownHosts] = {}

    def kinds(self, settings: SshSettings) -> tuple[str, ...]:
        """The key types known for this host: to be asked for first, or a known host would look changed."""
        with self._lock:
            return self._known(settings.known_hosts).kinds(settings.known_as)

    def accept(self, host: str, settings: SshSettings, key: HostKey) -> None:
        """Raise HostKeyUnknown or HostKeyChanged, or pin the key where the policy says so."""
        path = settings.known_hosts
        with self._lock:
            known = self._known(path)
            if must_be_pinned(host, settings, known, key, trust=self._trust):
                line = key.line(settings.known_as)
                known_hosts.append(path, [line])
                self._files[path] = known.with_line(line)

    def _known(self, path: Path) -> KnownHosts:
        if path not in self._files:
            self._files[path] = known_to(path)
        return self._files[path]


def known_to(path: Path) -> KnownHosts:
    """What the operator's file and the machine's say together: scan, trust and runs all judge by both."""
    return known_hosts.load(path, _SYSTEM_KNOWN_HOSTS)


def must_be_pinned(host: str, settings: SshSettings, known: KnownHosts, key: HostKey, *, trust: str = TRUST) -> bool:
    """False for a known key, True for one to pin on first sight (`accept-new`); raises for all others."""
    verdict = known.judge(settings.known_as, key)
    if verdict is Verdict.KNOWN:
        return False
    if verdict is Verdict.UNKNOWN:
        if settings.host_key_policy == "accept-new":
            return True
        raise _unknown(host, settings, key, trust)
    raise _changed(host, settings, key, trust, revoked=verdict is Verdict.REVOKED)


def once_understood(host: str, settings: SshSettings, trust: str = TRUST, *, revoked: bool) -> str:
    """What to do about a changed key once its reason is known. `ssh-keygen -R` leaves @revoked lines (hostfile.c)."""
    if revoked:
        new = "sudo rm /etc/ssh/ssh_host_*_key*; sudo ssh-keygen -A; sudo systemctl restart ssh"
        return f"Make new keys on the host's console: `{new}`, then `{trust} {host}`; the revoked one stays refused."
    forget = f"ssh-keygen -f {shlex.quote(str(settings.known_hosts))} -R '{settings.known_as}'"
    return f"If the host was reinstalled: `{forget}`, then `{trust} {host}`."


def _unknown(host: str, settings: SshSettings, key: HostKey, trust: str) -> HostKeyUnknown:
    return HostKeyUnknown(
        host,
        f"no key of {settings.known_as} is known; nothing was sent to it",
        evidence=f"it offers {key.kind} {key.fingerprint}; looked in {settings.known_hosts}",
        advice=f"Compare with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host's console, "
        f"then run `{trust} {host}`.",
    )


def _changed(host: str, settings: SshSettings, key: HostKey, trust: str, *, revoked: bool) -> HostKeyChanged:
    what = "offers a key that is revoked" if revoked else "offers another key than the known one"
    return HostKeyChanged(
        host,
        f"{settings.known_as} {what}: reinstalled, another machine, or someone in between; nothing was sent to it",
        evidence=f"it offers {key.kind} {key.fingerprint}; the lines are in {settings.known_hosts}",
        advice=once_understood(host, settings, trust, revoked=revoked),
    )
