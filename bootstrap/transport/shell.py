"""Which shell a script gets on the host: the login user's, or root's by sudo."""

from dataclasses import dataclass

from bootstrap.model.text import Secret
from bootstrap.transport.quoting import plain_shell, root_shell


@dataclass(frozen=True, slots=True)
class Shell:
    """`sudo` says that root is reached by sudo; a `password` is kept for its prompt."""

    root: bool
    sudo: bool = False
    password: Secret | None = None

    @property
    def command(self) -> str:
        """The command that starts it when no password may be asked."""
        return root_shell() if self.sudo else plain_shell()


def shell_for(login: str, *, root: bool, password: Secret | None) -> Shell:
    """The shell for a login user: root needs no sudo to be root."""
    if login == "root":
        return Shell(root=True)
    return Shell(root=True, sudo=True, password=password) if root else Shell(root=False)
