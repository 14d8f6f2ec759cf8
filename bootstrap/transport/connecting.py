"""Getting a connection: patience with hosts that are booting, and words for hosts that are not there."""

import errno
import socket
from collections.abc import Callable
from typing import TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential

from bootstrap.transport.errors import Unreachable
from bootstrap.transport.settings import SshSettings

_Opened = TypeVar("_Opened")
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.25, 2.0


def patiently(opened: Callable[[], _Opened], *, patience_s: float) -> _Opened:
    """Call until it no longer raises an Unreachable that may pass; every other error is final at once.

    OpenSSH >= 9.8 bans sources that fail to log in (PerSourcePenalties), so refused keys and logins are never retried.
    """
    retrying = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, Unreachable) and error.again),
        stop=stop_after_delay(patience_s),
        wait=wait_exponential(multiplier=_SHORTEST_WAIT_S, max=_LONGEST_WAIT_S),
        reraise=True,
    )
    return retrying(opened)


def unreachable(host: str, settings: SshSettings, error: BaseException) -> Unreachable:
    """Say in a person's words why no SSH server answered."""
    place = f"{settings.address} port {settings.port}"
    if isinstance(error, socket.gaierror):
        return Unreachable(
            host,
            f"the name {settings.address} does not resolve",
            evidence=str(error),
            advice="Correct `address` in the inventory, or name the host in /etc/hosts here.",
            again=error.errno == socket.EAI_AGAIN,
        )
    if settings.netns is not None and isinstance(error, (FileNotFoundError, PermissionError)):
        return Unreachable(
            host,
            f"no socket can be made in the network namespace {settings.netns}",
            evidence=str(error),
            advice="Is the lab up (`kboot lab status`), and is this root?",
            again=False,
        )
    if isinstance(error, ConnectionRefusedError):
        problem, advice = f"{place} refuses connections", "Is sshd running there, and on this port?"
    elif isinstance(error, TimeoutError):
        problem = f"{place} does not answer within {settings.connect_timeout_s:.0f} s"
        advice = "Is the host up, and does a firewall drop this port?"
    elif isinstance(error, OSError) and error.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        problem, advice = f"there is no route to {place}", "Is the host up, and is this machine in its network?"
    else:
        problem, advice = f"{place} does not speak SSH to us", "Look at `journalctl -u ssh` on the host."
    return Unreachable(host, problem, evidence=str(error), advice=advice)


def closed_to_bastion(host: str, settings: SshSettings, bastion: SshSettings, error: BaseException) -> Unreachable:
    """The bastion let us in and got no connection to the host."""
    return Unreachable(
        host,
        f"{settings.address} port {settings.port} is not reached from its bastion {bastion.address}",
        evidence=str(error),
        advice="Is the host up, and does the bastion allow TCP forwarding (AllowTcpForwarding)?",
    )
