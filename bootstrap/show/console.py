"""Consoles, and printing on them past the redactor."""

import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bootstrap.model.redact import Redactor
from bootstrap.show.started import as_typed_line


def results(colour: bool | None) -> Console:
    """stdout: what was asked for."""
    return _console(sys.stdout, colour)


def talk(colour: bool | None) -> Console:
    """stderr: how it is going."""
    return _console(sys.stderr, colour)


class _Piped(Console):
    """rich ends the program with exit code 1 when a reader goes away; what that means is the caller's to say."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _console(stream: TextIO, colour: bool | None) -> Console:
    return _Piped(file=stream, no_color=True if colour is False else None, highlight=False, markup=False, emoji=False)


def print_lines(console: Console, lines: Iterable[Text], redact: Redactor | None = None) -> None:
    """Each line whole: a terminal wraps it, a file keeps it as one. A line that held a secret loses its styles."""
    for line in lines:
        plain = redact(line.plain) if redact else line.plain
        console.print(as_typed_line(line if plain == line.plain else Text(plain)), soft_wrap=True)
