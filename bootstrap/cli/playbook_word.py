"""A playbook as a command line names it: one of kboot's by name, one of the admin's own by path."""

from typing import Any

import click
from click.shell_completion import CompletionItem

from bootstrap.load.path_word import is_playbook_path
from bootstrap.load.shipped import shipped_playbooks


class PlaybookWord(click.Choice[str]):
    """A shipped name or a path; a name that is neither is a usage error that lists the names."""

    def __init__(self) -> None:
        super().__init__(shipped_playbooks())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself."""
        if isinstance(value, str) and is_playbook_path(value):
            return value
        if value not in self.choices:
            own = f"one of your own is named by path: ./{value or 'mine'}.yaml"
            self.fail(f"kboot has {', '.join(self.choices)}, and no {value!r}; {own}", param, ctx)
        return super().convert(value, param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """For the usage line."""
        return "|".join((*shipped_playbooks(), "FILE"))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The shell's own files, and the names: last, for at `file` bash's script forgets what came before."""
        return [CompletionItem(incomplete, type="file"), *super().shell_complete(ctx, param, incomplete)]
