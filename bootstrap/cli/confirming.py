"""Questions to the person at the terminal, and what happens where there is none."""

import sys

import click

from bootstrap.cli.options import Screen
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


def confirmed(screen: Screen, question: str) -> bool:
    """The answer; --yes says yes. Raises KB1517 (exit 14) with --no-input or where nobody can be asked."""
    if screen.assume_yes:
        return True
    if not screen.may_ask or not sys.stdin.isatty():
        raise KbootError(
            Code.CONFIRMATION_MISSING,
            f"{question} Nobody is here to answer",
            advice="run it again with --yes",
            exit_code=ExitCode.UNCONFIRMED,
        )
    return click.confirm(question, default=False, err=True)
