"""`kboot kubectl`."""

import shlex
import sys
from pathlib import Path

import click

from bootstrap.cli.options import inventory_option
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.error_text import lines

ADMIN_CONF = "/etc/kubernetes/admin.conf"
_INTERACTIVE = ("-it", "-ti", "--tty", "edit", "attach")


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": ["--help"]}
)
@inventory_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def kubectl(inventory: Path | None, arguments: tuple[str, ...]) -> int:
    """Run kubectl on the first control plane.

    Over SSH, with the cluster's admin.conf; stdin, stdout and stderr are passed through, and so is the exit code.
    kboot's own option stands before kubectl's words. Exit code 4: the host was not reached or did not let us in; 5: its
    key was refused; 6: it is no control plane yet.

    Example: kboot kubectl -i lab.yaml get pods -A -o wide
    """
    from bootstrap.cli.site import find_site  # noqa: PLC0415 - help must not wait for pydantic
    from bootstrap.cli.system_ssh import run_there  # noqa: PLC0415
    from bootstrap.run.reach import ssh_settings  # noqa: PLC0415

    site = find_site(inventory)
    host = site.inventory.first_control_plane
    settings = ssh_settings(site.inventory, host)
    terminal = sys.stdin.isatty() and sys.stdout.isatty() and any(word in _INTERACTIVE for word in arguments)
    root, context = settings.login == "root", site.inventory.cluster.name
    remote = remote_command(arguments, root=root, context=context, lacking=_no_control_plane(host.name, site.option))
    return run_there(host.name, settings, (remote,), trust=site.trust, terminal=terminal)


def remote_command(arguments: tuple[str, ...], *, root: bool, context: str, lacking: KbootError) -> str:
    """The line for the login shell of the host, in POSIX sh whatever that shell is.

    As root with admin.conf where sudo asks nothing; where it wants a password (which must not share stdin with kubectl)
    as the user, whose own kubeconfig `kubeconfig-placed` keeps. On a host that is no control plane yet `lacking` is
    told, for kubectl would speak of localhost:8080 or of a file.
    """
    words = shlex.join(arguments)
    # An argument a line: the login shell may be a csh, which takes no line break inside quotes.
    told = f"printf '%s\\n' {shlex.join(lines(lacking).splitlines())} >&2; exit {lacking.exit_code}"
    if root:
        return shlex.join(("sh", "-c", _as_admin("", words, told)))
    own = f"exec kubectl --context {shlex.quote(context)} {words}"
    script = f"if sudo -n true 2>/dev/null; then {_as_admin('sudo -n ', words, told)}; else {own}; fi"
    return shlex.join(("sh", "-c", script))


def _as_admin(sudo: str, words: str, told: str) -> str:
    return f"{sudo}test -e {ADMIN_CONF} || {{ {told}; }}; exec {sudo}kubectl --kubeconfig {ADMIN_CONF} {words}"


def _no_control_plane(host: str, option: str) -> KbootError:
    return KbootError(
        Code.STEP_MISSING,
        f"no control plane here yet: {ADMIN_CONF} is not there",
        where=host,
        advice=f"`kboot init-master{option}`, or `kboot up{option}`",
        exit_code=ExitCode.REFUSED,
    )
