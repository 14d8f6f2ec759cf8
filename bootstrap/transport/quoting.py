"""Words and programs for a POSIX shell, where no secret may stand in an argument."""

import shlex

ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def command(*argv: str) -> str:
    """An argument list as one shell word list; the login shell on the other side takes it apart again."""
    return shlex.join(argv)


def plain_shell() -> str:
    """The command that reads a program from standard input, for who is root already or need not be."""
    return command("sh", "-s")


def root_shell() -> str:
    """The same as root; sudo fails at once where it would ask."""
    return command("sudo", "-n", "sh", "-s")


def root_shell_by_password(prompt: str, ready: str) -> str:
    """The same where sudo may ask: `prompt` appears on standard error if it does, `ready` on standard output after."""
    return command("sudo", "-S", "-p", prompt, "sh", "-c", f"echo {ready}; exec sh -s")
