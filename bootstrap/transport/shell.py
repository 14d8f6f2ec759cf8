"""Which shell a script gets on the host, the login user's or root's by sudo; no secret stands in an argument."""

import shlex
from dataclasses import dataclass

from bootstrap.model.text import Secret

ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# It reads its program from standard input. sudo fails at once where it would ask.
_SHELL = "sh -s"
_ROOT_SHELL = f"sudo -n {_SHELL}"


@dataclass(frozen=True, slots=True)
class Shell:
    """`sudo` says that root is reached by sudo; a `password` is kept for its prompt."""

    root: bool
    sudo: bool = False
    password: Secret | None = None

    @property
    def command(self) -> str:
        """The command that starts it when no password may be asked."""
        return _ROOT_SHELL if self.sudo else _SHELL


def shell_for(login: str, *, root: bool, password: Secret | None) -> Shell:
    """The shell for a login user: root needs no sudo to be root."""
    if login == "root":
        return Shell(root=True)
    return Shell(root=True, sudo=True, password=password) if root else Shell(root=False)


def root_shell_by_password(prompt: str, ready: str) -> str:
    """Root's where sudo may ask: `prompt` appears on standard error if it does, `ready` on standard output after."""
    return shlex.join(("sudo", "-S", "-p", prompt, "sh", "-c", f"echo {ready}; exec {_SHELL}"))
