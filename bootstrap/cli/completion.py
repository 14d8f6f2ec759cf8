"""`kboot completion`."""

import os
import shutil

import click
from click.shell_completion import BashComplete, add_completion_class, get_completion_class, shell_complete

_VARIABLE = "_KBOOT_COMPLETE"


class _Bash(BashComplete):
    """bash takes `--limit=w` apart, for `=` is one of COMP_WORDBREAKS; click (8.2) then finds no option before `w`."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        return [word for word in args if word != "="], incomplete


add_completion_class(_Bash)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print shell completion for bash, zsh or fish.

    The script asks kboot itself, so it completes what this version has, the inventory's hosts and addons included. It
    goes to ~/.bashrc or, for zsh, to ~/.zshrc after compinit; for fish into ~/.config/fish/completions/kboot.fish.
    What is completed is the command kboot: a checkout alone has none, `pipx install .` makes it.

    \b
    Example: kboot completion bash >> ~/.bashrc
    """
    if shutil.which("kboot") is None:
        click.echo("kboot: there is no command kboot in PATH to complete; in a checkout: pipx install .", err=True)
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(ctx.find_root().command, {}, "kboot", _VARIABLE).source())


def completed(command: click.Command) -> int:
    """Answer the shell's question, which its script asks by the variable _KBOOT_COMPLETE; the exit code."""
    return shell_complete(command, {}, "kboot", _VARIABLE, os.environ.get(_VARIABLE, ""))
