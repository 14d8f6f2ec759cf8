"""What a command line asks of a run: which playbook, of which inventory, and which part of it."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from bootstrap.cli import completing
from bootstrap.cli.options import inventory_option
from bootstrap.load.path_word import is_playbook_path

R = TypeVar("R")


@dataclass(frozen=True)
class Asked:
    """The words of the command line; `typed` is the command where it is not the playbook's own name."""

    playbook: str
    inventory: Path | None = None
    limit: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    typed: str = ""

    @property
    def command(self) -> str:
        """What is typed to run it: a shipped playbook is a command of its own."""
        if self.typed:
            return self.typed
        return f"run {shlex.quote(self.playbook)}" if is_playbook_path(self.playbook) else self.playbook

    @property
    def is_whole(self) -> bool:
        """Whether it is all of a playbook of kboot's own: no name of a step or host in it can be mistaken."""
        return not (is_playbook_path(self.playbook) or self.limit or self.only or self.skip)

    @property
    def narrowed(self) -> str:
        """The options that narrowed it, ` --limit w1 --only host`; what `typed` names is narrowed by its own words."""
        parts = [("--limit", self.limit), ("--only", self.only), ("--skip", self.skip)]
        return "" if self.typed else "".join(f" {name} {','.join(given)}" for name, given in parts if given)


def asks_for_run(playbook: str = "") -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Adds -i, --limit, --only and --skip; the command gets `asked: Asked`.

    Without a name here the command has an argument `playbook`.
    """

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @wraps(command)
        def wrapped(**given: Any) -> R:
            words = {name: given.pop(name) for name in ("inventory", "limit", "only", "skip")}
            return command(asked=Asked(playbook or given.pop("playbook"), **words), **given)

        decorated: Callable[..., R] = wrapped
        for option in (
            _names_option("--skip", "STEP", "Leave these steps or phases out.", completing.steps),
            _names_option("--only", "STEP", "Walk only these (`kboot explain` lists steps).", completing.steps),
            _names_option("--limit", "HOST", "Change only these hosts; ask all.", completing.hosts),
            inventory_option,
        ):
            decorated = option(decorated)
        return decorated

    return decorate


def _names_option(name: str, kind: str, words: str, complete: completing.Complete) -> Callable[..., Any]:
    """An option that may be repeated, or list names with commas."""
    return click.option(
        name, multiple=True, callback=_names, metavar=f"{kind},...", help=words, shell_complete=complete
    )


def _names(_ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """`("a,b", "c")` to `("a", "b", "c")`, each once, in order. An empty name is refused: it would widen the choice."""
    found = tuple(dict.fromkeys(name.strip() for one in given for name in one.split(",")))
    if "" in found:
        raise click.BadParameter("a name is empty (is a shell variable unset?); to narrow nothing leave the option out")
    return found
