"""The options that commands share, and the values they become."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, cast

import click

from bootstrap.show.started import as_typed

P = ParamSpec("P")
R = TypeVar("R")
Output = Literal["text", "json", "ndjson"]
SCREEN = "bootstrap.screen"


@dataclass(frozen=True, slots=True)
class Screen:
    """How a command talks. `colour` None: as the terminal and NO_COLOR say. `verbosity`: -1 quiet, 0, 1 verbose."""

    output: Output = "text"
    verbosity: int = 0
    colour: bool | None = None
    assume_yes: bool = False
    may_ask: bool = True

    @property
    def quiet(self) -> bool:
        """Only results and errors."""
        return self.verbosity < 0

    @property
    def verbose(self) -> bool:
        """Every decision, and tracebacks."""
        return self.verbosity > 0

    @property
    def options(self) -> tuple[str, ...]:
        """What makes another kboot talk the same way."""
        words = {"-q": self.quiet, "-v": self.verbose, "--no-color": self.colour is False}
        return tuple(word for word, wanted in words.items() if wanted)

    def print_document(self, document: Mapping[str, object]) -> None:
        """The result as JSON on stdout: of ndjson a line, else for eyes too."""
        indent = None if self.output == "ndjson" else 2
        click.echo(json.dumps(document, ensure_ascii=False, indent=indent))

    def say(self, line: str) -> None:
        """Talk: a line on stderr that -q leaves out."""
        if not self.quiet:
            click.echo(as_typed(line), err=True)


def screen_of(ctx: click.Context) -> Screen:
    """The screen that the options of this invocation asked for; the default before they were parsed."""
    return cast("Screen", ctx.meta.get(SCREEN, Screen()))


def screen_options(
    outputs: tuple[Output, ...] = ("text", "json", "ndjson"), *, asks: bool = False
) -> Callable[[Callable[..., R]], Any]:
    """Adds -o, -v, -q, --no-color, --yes and --no-input; the command gets `screen: Screen`.

    -o stands only where there is a choice. The last two are taken everywhere, so that a script need not know which
    commands ask; help shows them where the command `asks`.
    """

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @wraps(command)
        def wrapped(*args: Any, **given: Any) -> R:
            quiet, verbose = given.pop("quiet"), given.pop("verbose")
            screen = Screen(
                output=given.pop("output") if len(outputs) > 1 else "text",
                verbosity=-1 if quiet else int(verbose),
                colour=False if given.pop("no_color") or os.environ.get("NO_COLOR") else None,
                assume_yes=given.pop("yes"),
                may_ask=not given.pop("no_input"),
            )
            context = click.get_current_context()
            context.meta[SCREEN] = screen
            context.color = screen.colour
            return command(*args, screen=screen, **given)

        decorated: Callable[..., R] = wrapped
        for option in reversed(_screen_options(outputs, asks=asks)):
            decorated = option(decorated)
        return decorated

    return decorate


def _screen_options(outputs: tuple[Output, ...], *, asks: bool) -> tuple[Callable[..., Any], ...]:
    form = click.option(
        "-o", "--output", type=click.Choice(outputs), default="text", show_default=True, help="Form of the result."
    )
    return (
        *((form,) if len(outputs) > 1 else ()),
        click.option("-v", "--verbose", is_flag=True, help="Show every decision; tracebacks of internal errors."),
        click.option("-q", "--quiet", is_flag=True, help="Show results and errors only."),
        click.option("--no-color", is_flag=True, help="No colour (so does NO_COLOR in the environment)."),
        click.option("--yes", is_flag=True, hidden=not asks, help="Answer yes to every question."),
        click.option(
            "--no-input", is_flag=True, hidden=not asks, help="Never ask; a missing answer is an error (exit 14)."
        ),
    )


class NamedPath(click.Path):
    """A path that is no empty word: click takes that for the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a usage error for an empty word."""
        if value == "":
            self.fail("the path is empty (is a shell variable unset?)", param, ctx)
        return super().convert(value, param, ctx)


def inventory_option(command: Callable[P, R]) -> Callable[P, R]:
    """Adds --inventory/-i; the command gets `inventory: Path | None`."""
    return click.option(
        "-i",
        "--inventory",
        type=NamedPath(path_type=Path),
        help="Inventory file; default $KBOOT_INVENTORY, else ./lab.yaml or ./kboot.yaml.",
    )(command)
