"""Removing from kboot's cache: what would go is named with its size, and goes once somebody said so."""

from collections.abc import Callable

import click

from bootstrap.cli.confirming import confirmed
from bootstrap.cli.options import Screen
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.unwanted import Unwanted
from bootstrap.show.bundle_text import mib
from bootstrap.show.document import document
from bootstrap.show.words import counted


def prune(found: tuple[Unwanted, ...], remove: Callable[[tuple[Unwanted, ...]], None], screen: Screen) -> ExitCode:
    """Name them, and remove them once that is confirmed. With -o json nobody is asked: without --yes nothing goes (14).

    Raises KB1517 where nobody can be asked.
    """
    if screen.output == "json":
        code = ExitCode.OK if screen.assume_yes or not found else ExitCode.UNCONFIRMED
        if screen.assume_yes:
            remove(found)
        folders = [{"path": str(one.path), "sizeBytes": one.size_bytes, "why": one.why} for one in found]
        screen.print_document(document("Prune", exitCode=int(code), removed=screen.assume_yes, folders=folders))
        return code
    for one in found:
        click.echo(f"{mib(one.size_bytes):>12}  {one.path}  {one.why}")
    if not found:
        click.echo("nothing to remove: all that is kept is wanted")
        return ExitCode.OK
    total = f"{counted(len(found), 'folder')}, {mib(sum(one.size_bytes for one in found))}"
    if confirmed(screen, f"Remove {total}?"):
        remove(found)
        click.echo(f"removed {total}")
    return ExitCode.OK
