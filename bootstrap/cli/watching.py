"""Which observers watch a run: the live table or plain lines or JSON lines, and always the journal."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bootstrap.cli.options import Screen
from bootstrap.cli.signals import Received
from bootstrap.model.redact import Redactor
from bootstrap.show.fan_out import FanOut
from bootstrap.show.json_lines import JsonLines, open_journal

if TYPE_CHECKING:
    from bootstrap.model.event import Observer


@contextmanager
def watched(
    screen: Screen, redact: Redactor, journal: tuple[Path, str] | None, *, planning: bool = False
) -> "Iterator[Observer]":
    """An observer for one run; `journal` is the folder and the name of the run's file there (None: keep none).

    `planning`: decisions are not told as they are made, for the plan that is printed at the end holds them.
    """
    observers: list[Observer] = []
    with ExitStack() as stack:
        if kept := journal and open_journal(*journal, redact):
            observers.append(kept)
            stack.callback(kept.stream.close)
        if screen.output == "ndjson":
            observers.append(JsonLines(sys.stdout, redact))
        if not screen.quiet:
            observers.append(stack.enter_context(_for_people(screen, redact, planning=planning)))
        yield FanOut(tuple(observers))


@contextmanager
def _for_people(screen: Screen, redact: Redactor, *, planning: bool) -> "Iterator[Observer]":
    from bootstrap.show import console  # noqa: PLC0415 - rich only where something is shown

    talk = console.talk(screen.colour)
    # JSON lines on the same terminal would be drawn over.
    mixed = screen.output == "ndjson" and sys.stdout.isatty()
    if talk.is_terminal and not talk.is_dumb_terminal and not mixed:
        from bootstrap.show.live import LiveTable  # noqa: PLC0415

        # What a signal's handler writes itself is gone with the table's next frame.
        received = click.get_current_context().find_object(Received) or Received()
        with LiveTable(talk, redact, verbose=screen.verbose, notice=lambda: received.noticed).shown() as table:
            yield table
    else:
        from bootstrap.show.plain import PlainLines  # noqa: PLC0415
        from bootstrap.show.telling import ended, told  # noqa: PLC0415

        tell = ended if planning else told
        with PlainLines(sys.stderr, redact, verbose=screen.verbose, tell=tell).beating() as plain:
            yield plain
