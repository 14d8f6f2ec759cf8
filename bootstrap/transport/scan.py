"""Host keys without logging in, for `kboot hosts scan` and `kboot hosts trust`."""

from bootstrap.transport import known_hosts
from bootstrap.transport.known_hosts import HostKey
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh import Ssh, SshContext


def scan(host: str, settings: SshSettings, *, context: SshContext | None = None) -> HostKey:
    """The key that a server offers to a client that knows none, or the known type where one is known.

    One connection and not one per key type: OpenSSH >= 9.8 bans sources that connect without logging in
    (PerSourcePenalties noauth). Nothing is sent to the host; a bastion in between is logged in to. Raises Unreachable,
    and what the bastion's login raises.
    """
    return Ssh(host, settings, context=context).offered_host_key()


def trust(settings: SshSettings, key: HostKey) -> bool:
    """Add the key to the settings' known_hosts file; False when it stood there already."""
    known = known_hosts.load(settings.known_hosts)
    if known.judge(settings.known_as, key) is known_hosts.Verdict.KNOWN:
        return False
    known_hosts.append(settings.known_hosts, [key.line(settings.known_as)])
    return True
