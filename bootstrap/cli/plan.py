"""`kboot plan`."""

from pathlib import Path

import click

from bootstrap.cli.options import Screen, inventory_option, screen_options, selection_options
from bootstrap.cli.playbook_word import PlaybookWord
from bootstrap.model.exit_code import ExitCode


@click.command()
@click.argument("playbook", type=PlaybookWord())
@inventory_option
@selection_options
@screen_options()
def plan(  # noqa: PLR0917 - click passes what it parsed
    playbook: str,
    screen: Screen,
    inventory: Path | None,
    limit: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
) -> ExitCode:
    """Show what a command, or a playbook of your own (a FILE), would change, and change nothing.

    The same code as the command itself, stopped at the decisions: what would change on which host, with file diffs and
    commands. Secrets are masked. Exit code 0: nothing to change; 10: something is; 6: blocked;
    8: some hosts do not answer; 4: no host, or no control plane, does; 5: as 4, because of a host key.

    Example: kboot plan up --inventory lab.yaml
    """
    from bootstrap.cli import run_playbook  # noqa: PLC0415 - help must not wait for the runner
    from bootstrap.cli.preparing import Asked  # noqa: PLC0415

    return run_playbook.plan(Asked(playbook, inventory, limit, only, skip), screen)
