"""Which observers watch a run: the live table or plain lines or JSON lines, and always the journal."""

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bootstrap.cli.options import Screen
from bootstrap.cli.signals import Received
from bootstrap.model.event import HostSeen
from bootstrap.model.redact import Redactor
from bootstrap.show.fan_out import FanOut
from bootstrap.show.json_lines import JsonLines, open_journal

if TYPE_CHECKING:
    from bootstrap.model.event import Event, Observer


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
        if screen.output == "text":
            observers.append(_load_ahead)
        yield FanOut(tuple(observers))


@contextmanager
def _for_people(screen: Screen, redact: Redactor, *, planning: bool) -> "Iterator[Observer]":
    if _can_draw(screen):
        from bootstrap.show import console  # noqa: PLC0415
        from bootstrap.show.live import LiveTable  # noqa: PLC0415

        # What a signal's handler writes itself is gone with the table's next frame.
        received = click.get_current_context().find_object(Received) or Received()
        talk = console.talk(screen.colour)
        with LiveTable(talk, redact, verbose=screen.verbose, notice=lambda: received.noticed).shown() as table:
            yield table
    else:
        from bootstrap.show.plain import PlainLines  # noqa: PLC0415
        from bootstrap.show.telling import ended, told  # noqa: PLC0415

        tell = ended if planning else told
        with PlainLines(sys.stderr, redact, verbose=screen.verbose, tell=tell).beating() as plain:
            yield plain


def _can_draw(screen: Screen) -> bool:
    """Whether a table can stand on stderr; JSON lines on the same terminal would be drawn over."""
    if not sys.stderr.isatty() or (screen.output == "ndjson" and sys.stdout.isatty()):
        return False
    from bootstrap.show import console  # noqa: PLC0415 - rich, which a pipe can do without

    talk = console.talk(screen.colour)
    return talk.is_terminal and not talk.is_dumb_terminal


def _load_ahead(event: "Event") -> None:
    """An observer: what the end shows is loaded once the first host has answered, while the others still do."""
    if isinstance(event, HostSeen):
        threading.Thread(target=import_module, args=("bootstrap.show.summary",), daemon=True).start()
