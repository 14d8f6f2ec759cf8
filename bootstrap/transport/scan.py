"""Host keys without logging in, for `kboot hosts scan` and `kboot hosts trust`."""

from dataclasses import replace

from bootstrap.transport import known_hosts
from bootstrap.transport.host_keys import known_to, must_be_pinned
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
    """Add the key to the settings' known_hosts file; False when it is known already.

    Raises HostKeyChanged when another key is known for this host, in the operator's file or in the machine's.
    """
    first_sight = replace(settings, host_key_policy="accept-new")
    if not must_be_pinned(settings.address, first_sight, known_to(settings.known_hosts), key):
        return False
    known_hosts.append(settings.known_hosts, [key.line(settings.known_as)])
    return True
