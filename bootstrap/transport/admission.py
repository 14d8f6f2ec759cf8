"""Words for servers that answer and let us no further: refused for good, or restarting just now."""

import paramiko

from bootstrap.transport.connecting import unreachable
from bootstrap.transport.errors import LoginRefused, Unreachable
from bootstrap.transport.session import SshTransport
from bootstrap.transport.settings import SshSettings


def not_admitted(
    host: str, settings: SshSettings, transport: SshTransport | None, error: BaseException
) -> LoginRefused | Unreachable:
    """Why connecting ended: no server, no login, or a server that closed while we logged in."""
    if transport is None or not transport.logging_in:
        return unreachable(host, settings, error)
    if transport.is_active() or transport.farewell:
        return _login_refused(host, settings, transport.farewell or str(error))
    return _closed_in_login(host, settings, transport.banner)


def no_session(host: str, error: BaseException) -> LoginRefused | Unreachable:
    """Only what the server itself has said is a refusal; a host that restarts says nothing."""
    refused = isinstance(error, paramiko.ChannelException)
    return (_session_refused if refused else _lost_before_session)(host, str(error))


def _login_refused(host: str, settings: SshSettings, evidence: str) -> LoginRefused:
    """The server said no."""
    key = f"the key {settings.key_path}" if settings.key_path else "the agent and the keys of ~/.ssh"
    return LoginRefused(
        host,
        f"{settings.address} port {settings.port} does not let {settings.login} in with {key}",
        evidence=evidence,
        advice=f"Put the public key into ~{settings.login}/.ssh/authorized_keys there, "
        "or correct `user` and `key` in the inventory.",
    )


def _closed_in_login(host: str, settings: SshSettings, banner: str) -> Unreachable:
    """The server closed the connection while we logged in, and gave no reason but perhaps a banner.

    pam_nologin(8) answers so while a host starts up or goes down: sshd shows its message as a banner and then closes
    (auth2.c, userauth_finish). That passes. Other PAM account rules answer so too, and do not pass.
    """
    place = f"{settings.address} port {settings.port}"
    if "pam_nologin" in banner:
        problem = f"{place} is starting up or going down, and does not let {settings.login} in"
        return Unreachable(host, problem, evidence=banner, advice="Wait until it has started, then run again.")
    return Unreachable(
        host,
        f"{place} closes the connection while {settings.login} logs in",
        evidence=banner,
        advice="If it is restarting, run again when it is up; else look at `journalctl -u ssh` there "
        "(a PAM rule for this account?).",
        again=False,
    )


def _session_refused(host: str, evidence: str) -> LoginRefused:
    """The server let us in and said no to a session (MaxSessions, a forced subsystem)."""
    return LoginRefused(
        host,
        "sshd lets us in and opens no session",
        evidence=evidence,
        advice="Look at `journalctl -u ssh` on the host.",
    )


def _lost_before_session(host: str, evidence: str) -> Unreachable:
    """The connection died, or nothing came any more, after the login and before anything was started."""
    return Unreachable(
        host,
        "the connection ended before it opened a session",
        evidence=evidence,
        advice="Is the host restarting? Run again when it is up.",
    )
