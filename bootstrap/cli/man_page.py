"""A command as a manual page, in roff's man macros (man(7)): from click's own description of it.

click-man (0.6.0, 2026-11) reads `Group.commands`, in which a lazy group has nothing, and has no types.
"""

import inspect
import re
from collections.abc import Iterator
from datetime import date

import click

from bootstrap import __version__
from bootstrap.cli.exit_pages import exit_codes

_EXAMPLE = "Example: "


def man_page(context: click.Context, made: date) -> str:
    """The page of the context's command; `made` stands at its foot."""
    words = context.command_path
    name = words.replace(" ", "-")
    text = inspect.cleandoc(context.command.help or "").replace("\b\n", "")
    prose, _, example = text.partition(_EXAMPLE)
    summary, _, rest = prose.strip().partition("\n\n")
    lines = [
        f'.TH "{name.upper()}" "1" "{made}" "kboot {__version__}" "kboot"',
        *_section("NAME", [_plain(f"{name} - {' '.join(summary.split()).rstrip('.')}")]),
        *_section("SYNOPSIS", _synopsis(context)),
        *_section("DESCRIPTION", _paragraphs(rest or summary)),
        *_options(context),
        *_commands(context),
        *_section("EXAMPLES", [".nf", _plain(example.strip()), ".fi"] if example else []),
        *_section("EXIT STATUS", _exits()),
        *_section("SEE ALSO", _others(context)),
    ]
    return "\n".join(lines) + "\n"


def pages(root: click.Context) -> Iterator[click.Context]:
    """The contexts of the command and of every command below it."""
    yield root
    if isinstance(root.command, click.Group):
        for name in root.command.list_commands(root):
            command = root.command.get_command(root, name)
            if command is not None and not command.hidden:
                yield from pages(click.Context(command, info_name=name, parent=root, **command.context_settings))


def _section(title: str, lines: list[str]) -> list[str]:
    return [f".SH {title}", *lines] if lines else []


def _synopsis(context: click.Context) -> list[str]:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    return [f".B {_plain(context.command_path)}", _plain(pieces)]


def _paragraphs(text: str) -> list[str]:
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return [line for part in parts for line in (".PP", _plain(part))]


def _options(context: click.Context) -> list[str]:
    records = (one.get_help_record(context) for one in context.command.get_params(context))
    return _section("OPTIONS", [line for record in records if record and record[1] for line in _entry(*record)])


def _commands(context: click.Context) -> list[str]:
    if not isinstance(context.command, click.Group):
        return []
    below = [one for one in pages(context) if one.parent is context]
    entries = ((one.info_name or "", one.command.get_short_help_str(200)) for one in below)
    return _section("COMMANDS", [line for name, words in entries for line in _entry(name, words)])


def _entry(term: str, words: str) -> list[str]:
    return [".TP", f".B {_plain(term)}", _plain(words)]


def _exits() -> list[str]:
    return [line for code, told in exit_codes().items() for line in _entry(str(code), told["short"])]


def _others(context: click.Context) -> list[str]:
    """The page above and those below."""
    above = [context.parent] if context.parent else []
    below = [one for one in pages(context) if one.parent is context]
    names = (_plain(one.command_path.replace(" ", "-")) for one in (*above, *below))
    return [", ".join(f"{name}(1)" for name in names)]


def _plain(text: str) -> str:
    """Text as text: no line of it is a macro, no character of it an escape."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line[:1] in {".", "'"} else line for line in escaped.splitlines())
