"""A click group whose listing cuts no sentence off, and that knows which command was meant."""

import difflib

import click

# Longer than any first sentence: click's own limit of 45 characters would end most of them in dots.
_WHOLE = 1000
# As many names as a person reads to find the one that was meant.
_FEW = 12


class Group(click.Group):
    """Lists each command with its whole first sentence."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One block, the sentences wrapped."""
        named = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, found.get_short_help_str(_WHOLE)) for name, found in named if found])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """click's own, with "did you mean" for a mistyped name."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            near = difflib.get_close_matches(name, known, n=1)
            all_of_them = f" There are: {', '.join(known)}." if len(known) <= _FEW else ""
            hint = f" Did you mean {near[0]!r}?" if near else all_of_them
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)
