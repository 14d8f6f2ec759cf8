"""Removing from kboot's cache: what would go is named with its size, and goes once somebody said so."""

from collections.abc import Callable
from pathlib import Path

import click

from bootstrap.cli.confirming import confirmed
from bootstrap.cli.options import Screen
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.unwanted import Unwanted
from bootstrap.show.bundle_text import mib
from bootstrap.show.document import document
from bootstrap.show.words import counted

Found = tuple[Unwanted, ...]


def prune(found: Found, remove: Callable[[Found], Found], folder: Path, screen: Screen) -> ExitCode:
    """Name what was found in the folder, and remove it once that is confirmed; `remove` returns what is gone.

    With -o json nobody is asked: without --yes nothing goes (14). Raises KB1517 where nobody can be asked.
    """
    if screen.output == "json":
        code = ExitCode.OK if screen.assume_yes or not found else ExitCode.UNCONFIRMED
        told = remove(found) if screen.assume_yes else found
        folders = [{"path": str(one.path), "sizeBytes": one.size_bytes, "why": one.why} for one in told]
        screen.print_document(document("Prune", exitCode=int(code), removed=screen.assume_yes, folders=folders))
        return code
    for one in found:
        click.echo(f"{mib(one.size_bytes):>12}  {one.path}  {one.why}")
    if not found:
        click.echo(f"nothing to remove in {folder}: all that is kept there is wanted")
        return ExitCode.OK
    if confirmed(screen, f"Remove {_total(found)}?"):
        click.echo(f"removed {_total(remove(found))}")
    return ExitCode.OK


def _total(found: Found) -> str:
    return f"{counted(len(found), 'folder')}, {mib(sum(one.size_bytes for one in found))}"
