"""`kboot completion`."""

import os
import shutil

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
)

_VARIABLE = "_KBOOT_COMPLETE"


class _Bash(BashComplete):
    """bash takes `--limit=w` apart, for `=` is one of COMP_WORDBREAKS; click (8.2) then finds no option before `w`."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        return [word for word in args if word != "="], incomplete


class _Zsh(ZshComplete):
    """`--limit=w` is one word to zsh, and click (8.4) answers for what stands behind the `=`: so that is completed.

    An answer without a value, as that for a file of which nothing is typed yet, would be lost on the way: zsh drops an
    empty element of `$response`, and every answer after it is read shifted by one.
    """

    source_template = ZshComplete.source_template.replace(
        "    response=", "    compset -P '--*='\n    response=", 1
    ).replace("compadd -U", 'compadd -i "$IPREFIX" -U', 1)

    def format_completion(self, item: CompletionItem) -> str:
        """No value of it is empty; that of a file is not read."""
        return super().format_completion(CompletionItem(item.value or ".", item.type, item.help))


class _Fish(FishComplete):
    """click's script (8.4) cuts an answer at every comma, those of `cp1,w1` and of a sentence, too."""

    source_template = """\
function %(complete_func)s
    # fish completes whole words: what stands before the = of --limit=w belongs to each answer.
    set -l option (string match --regex -- '^--[^=]+=' (commandline -t))
    for answer in (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \\
            COMP_CWORD=(commandline -t) %(prog_name)s)
        set -l told (string split --max 1 , -- $answer)
        switch $told[1]
            case dir
                __fish_complete_directories $told[2]
            case file
                __fish_complete_path $told[2]
            case plain
                echo $told[2]
        end
    end | string replace --regex '^' -- "$option"
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


for adapted in (_Bash, _Zsh, _Fish):
    add_completion_class(adapted)


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
