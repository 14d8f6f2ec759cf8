"""Which form of result a command line asks for, where it failed before its options were read."""

from collections.abc import Iterator, Sequence
from typing import cast

import click

from bootstrap.cli.options import Output


def asked_output(command: click.Command, arguments: Sequence[str]) -> Output:
    """json or ndjson when the command that these words name has such an -o and they ask for it; else text.

    kubectl's and ssh's own -o are not ours: they stand in commands that have none.
    """
    forms = _forms(_named(command, arguments))
    asked = [word for word in _outputs(arguments) if word in forms]
    return cast("Output", asked[-1]) if asked else "text"


def _named(command: click.Command, arguments: Sequence[str]) -> click.Command:
    """The command that the first words lead to."""
    for word in arguments:
        if not isinstance(command, click.Group):
            break
        inner = command.get_command(click.Context(command), word)
        command = inner or command
    return command


def _forms(command: click.Command) -> frozenset[str]:
    types = [one.type for one in command.params if one.name == "output"]
    return frozenset(str(one) for kind in types if isinstance(kind, click.Choice) for one in kind.choices)


def _outputs(arguments: Sequence[str]) -> Iterator[str]:
    for word, following in zip(arguments, (*arguments[1:], ""), strict=True):
        if word == "--":
            return
        if word in {"-o", "--output"}:
            yield following
        elif word.startswith("--output="):
            yield word.partition("=")[2]
        elif word.startswith("-o"):
            yield word[2:]
