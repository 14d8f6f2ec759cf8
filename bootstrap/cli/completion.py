"""`kboot completion`."""

import os

import click
from click.shell_completion import get_completion_class, shell_complete

_VARIABLE = "_KBOOT_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print shell completion for bash, zsh or fish.

    The script asks kboot itself, so it completes what this version has.

    \b
    Example: kboot completion bash > ~/.local/share/bash-completion/completions/kboot
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(ctx.find_root().command, {}, "kboot", _VARIABLE).source())


def completed(command: click.Command) -> int:
    """Answer the shell's question, which its script asks by the variable _KBOOT_COMPLETE; the exit code."""
    return shell_complete(command, {}, "kboot", _VARIABLE, os.environ.get(_VARIABLE, ""))
