"""What a trouble does once, on a new host that has booted: what takes a running host."""

from bootstrap.lab.command import run
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState
from bootstrap.lab.troubles import chosen_troubles
from bootstrap.model.error import KbootError

SCRIPT_TIMEOUT_S = 120


def finish(lab: LabState, spec: LabSpec, host: str) -> None:
    """Runs the scripts of the lab's troubles on a host that has not had them; raises KB1303 with the script's words."""
    done = lab.host(host).born
    if done.exists():
        return
    for trouble in chosen_troubles(spec.troubles):
        if trouble.once:
            _as_root(lab, host, trouble.once, trouble.name)
    done.touch(mode=0o600)


# A file, for sudo-rs takes all of its stdin for the password (0.2.5, rpassword's buffer): nothing is left for a shell.
# The remote shell's `read` takes one line and no byte more (POSIX, read).
_AS_ROOT = """umask 077; script=$(mktemp) && trap 'rm -f "$script"' EXIT && IFS= read -r password && cat >"$script" &&
printf '%s\\n' "$password" | {sudo} sh -eu "$script"
"""


def _as_root(lab: LabState, host: str, script: str, name: str) -> None:
    """The script goes by stdin, after the line that sudo gets where it asks for a password."""
    password = lab.sudo_password.read_text() if lab.sudo_password.exists() else ""
    asked = _AS_ROOT.format(sudo="sudo -S -p ''" if password else "sudo -n")
    argv = ["ssh", "-T", "-F", str(lab.ssh_config), "-o", "BatchMode=yes", host, asked]
    try:
        run(argv, stdin=(password or "\n") + script, timeout_s=SCRIPT_TIMEOUT_S)
    except KbootError as failed:
        raise KbootError(
            failed.code,
            f"the host could not be given its trouble {name}: {failed.problem}",
            where=host,
            evidence=failed.evidence,
            advice="the same command again goes on from here",
        ) from failed
