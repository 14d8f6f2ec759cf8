"""The operator's own `ssh`, told to reach a host just as kboot does: for what needs a terminal and streams."""

import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

import bootstrap
from bootstrap.cli.signals import Received, shell_code
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.transport.host_keys import TRUST, HostKeys

if TYPE_CHECKING:
    from bootstrap.transport.settings import SshSettings

_SSH_FAILED = 255
_PACKAGE_ROOT = Path(bootstrap.__file__).parent.parent


def ssh_argv(settings: "SshSettings", *, terminal: bool | None = None) -> tuple[str, ...]:
    """`ssh OPTIONS DESTINATION`. `terminal`: force one (-tt), forbid one (-T), or None: as ssh sees fit.

    Raises KB1516 when there is no ssh here.
    """
    if shutil.which("ssh") is None:
        raise KbootError(
            Code.PROGRAM_MISSING, "there is no `ssh` on this machine", advice="sudo apt-get install openssh-client"
        )
    wants = () if terminal is None else ("-tt" if terminal else "-T",)
    return ("ssh", *wants, *_options(settings), settings.address)


def run_there(
    host: str, settings: "SshSettings", words: tuple[str, ...], *, trust: str = TRUST, terminal: bool | None = None
) -> int:
    """Run a command on the host, or log in where there are no words; its exit code. `trust` is as for HostKeys.

    ssh ends with 255 whatever goes wrong with itself, and a command may end so too. LocalCommand, which ssh runs here
    once it is logged in (ssh_config(5)), tells them apart; why there was no login, kboot's own connection tells. Raises
    Unreachable, LoginRefused, HostKeyUnknown or HostKeyChanged, and KB1516 when there is no ssh here.
    """
    *ssh, address = ssh_argv(settings, terminal=terminal)
    with TemporaryDirectory(prefix="kboot-ssh-") as folder:
        logged_in = Path(folder) / "logged-in"
        touch = f"LocalCommand=touch {shlex.quote(str(logged_in))}".replace("%", "%%")
        code = run_ssh((*ssh, "-o", "PermitLocalCommand=yes", "-o", touch, address, *words))
        failed = code == _SSH_FAILED and not logged_in.exists()
    if failed:
        _log_in(host, settings, trust)
    return code


def run_ssh(argv: tuple[str, ...]) -> int:
    """Run it with our own stdin, stdout and stderr; its exit code. Ctrl-C is ssh's to hear, not ours."""
    interrupted = False
    with subprocess.Popen(argv) as process:
        while True:
            try:
                code = shell_code(process.wait())
            except KeyboardInterrupt:
                interrupted = True
                _pass_on(process)
            else:
                # Without a terminal ssh itself hears Ctrl-C, and calls that a failure too.
                return ExitCode.INTERRUPTED if interrupted and code == _SSH_FAILED else code


def _pass_on(process: "subprocess.Popen[bytes]") -> None:
    """A terminal sends its Ctrl-C to ssh too; SIGTERM and SIGHUP may have been sent to kboot alone."""
    context = click.get_current_context(silent=True)
    received = context.find_object(Received) if context else None
    if received and received.signal not in {None, signal.SIGINT}:
        process.send_signal(received.signal)


def _log_in(host: str, settings: "SshSettings", trust: str) -> None:
    """Once, as kboot does; returns when only ssh could not."""
    from bootstrap.transport.ssh import SshContext  # noqa: PLC0415 - fabric and paramiko: half a second

    context = SshContext(HostKeys(trust))
    connection = context.connect(host, replace(settings, patience_s=0.0))
    try:
        connection.opened()
    finally:
        connection.close()
        context.close()


def _options(settings: "SshSettings") -> tuple[str, ...]:
    """ssh_config(5) options that say what kboot uses itself; ~/.ssh/config has had its say in `settings` already."""
    options = {
        "Port": str(settings.port),
        "User": settings.login,
        "UserKnownHostsFile": f'"{settings.known_hosts}"',
        "StrictHostKeyChecking": "yes" if settings.host_key_policy == "strict" else "accept-new",
        "ConnectTimeout": f"{settings.connect_timeout_s:.0f}",
        "LogLevel": "ERROR",
    }
    if settings.key_path:
        options |= {"IdentityFile": f'"{settings.key_path}"', "IdentitiesOnly": "yes"}
    if settings.host_key_alias:
        options["HostKeyAlias"] = settings.host_key_alias
    if settings.bastion:
        # Not ProxyJump: the jump's own ssh would not get these options.
        # Its own options' % are for the jump's ssh to expand, and ours would (ssh_config(5), TOKENS).
        options_there = (word.replace("%", "%%") for word in _options(settings.bastion))
        jump = ("ssh", "-W", "[%h]:%p", *options_there, settings.bastion.address)
        options["ProxyCommand"] = shlex.join(jump)
    elif settings.netns:
        options["ProxyCommand"] = _into_namespace(settings.netns)
    return ("-F", "none", *(word for name, value in options.items() for word in ("-o", f"{name}={value}")))


def _into_namespace(netns: str) -> str:
    """A lab's hosts are reached from inside its network namespace (root only)."""
    relay = ("env", f"PYTHONPATH={_PACKAGE_ROOT}", sys.executable, "-m", "bootstrap.lab.connect", netns, "%h", "%p")
    return shlex.join(relay)
