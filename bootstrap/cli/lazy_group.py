"""A click group that imports a command only when it is called, and knows enough to list it without importing."""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from bootstrap.cli.group import Group

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command lives (`module:attribute`), the line that a listing shows for it, and under which heading."""

    place: str
    summary: str
    section: str


class LazyGroup(Group):
    """Commands by name, imported on first use; listed by section in the order given."""

    def __init__(self, *args: Any, lazy: dict[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every name, in the order of the table."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command; None for a name that is not in the table."""
        entry = self.lazy.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.place.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.place} is no click command")
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Names from the table, for a Tab must not import every command."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415

        found = [CompletionItem(name, help=entry.summary) for name, entry in self.lazy.items()]
        own = [item for item in found if item.value.startswith(incomplete)]
        return [*own, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """One block per section, from the table alone."""
        width = max(map(len, self.lazy))
        for section in dict.fromkeys(entry.section for entry in self.lazy.values()):
            with formatter.section(section):
                inside = [(name, entry) for name, entry in self.lazy.items() if entry.section == section]
                formatter.write_dl([(name.ljust(width), entry.summary) for name, entry in inside])
