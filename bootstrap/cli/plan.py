"""`kboot plan`."""

import click

from bootstrap.cli.asked import Asked, asks_for_run
from bootstrap.cli.options import Screen, screen_options
from bootstrap.cli.playbook_word import PlaybookWord
from bootstrap.model.exit_code import ExitCode


@click.command()
@click.argument("playbook", type=PlaybookWord())
@asks_for_run()
@screen_options()
def plan(asked: Asked, screen: Screen) -> ExitCode:
    """Show what a command, or a playbook of your own (a FILE), would change, and change nothing.

    The same code as the command itself, stopped at the decisions: what would change on which host, with file diffs and
    commands. Secrets are masked. Exit code 0: nothing to change; 10: something is; 6: blocked;
    8: some hosts do not answer; 4: no host, or no control plane, does; 5: as 4, because of a host key.

    Example: kboot plan up --inventory lab.yaml
    """
    from bootstrap.cli import run_playbook  # noqa: PLC0415 - help must not wait for the runner

    return run_playbook.plan(asked, screen)
