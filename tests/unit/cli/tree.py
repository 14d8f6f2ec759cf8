"""The tree of commands, walked: a new command cannot escape what is asked of each."""

from collections.abc import Iterator

import click

from bootstrap.cli.root import kboot


def every_command() -> dict[str, click.Command]:
    """Every command by the words that call it, groups and their members."""
    return dict(_within(kboot, click.Context(kboot), ""))


def _within(group: click.Group, context: click.Context, before: str) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _within(command, click.Context(command, parent=context), f"{before}{name} ")
