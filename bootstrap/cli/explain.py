"""`kboot explain`."""

import shutil
import sys
from typing import TYPE_CHECKING

import click

from bootstrap.cli import completing
from bootstrap.cli.options import Screen, screen_options
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.document import document
from bootstrap.show.started import as_typed

if TYPE_CHECKING:
    from bootstrap.cli.page import Page

_WIDEST = 110
_MOST_LINES = 5000


class _OfPastedLines(click.Command):
    """`-bash: kubeadm: command not found` is a text: its `h` is no -h."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {one}" if one[:1] == "-" and len(one.split()) > 1 else one for one in args])


# A pasted line may begin with a dash: what is no option of ours is part of it.
@click.command(cls=_OfPastedLines, context_settings={"ignore_unknown_options": True})
@click.argument("words", metavar="[STEP|CODE|EXIT CODE|WORD|ERROR TEXT]...", nargs=-1, shell_complete=completing.words)
@screen_options(("text", "json"))
def explain(words: tuple[str, ...], screen: Screen) -> None:
    """Explain a step, an error code, an exit code, or an error text.

    Paste a whole line of kubectl, kubeadm, kubelet, apt or kboot, your own names and addresses in it: its page says
    what it means, why, what kboot does about it, what you can type, and the source. A word finds all pages about it.
    With - a log is read from stdin, and the pages of its lines are listed. Without a word: the list of all pages.

    \b
    Example: kboot explain "dial tcp 10.1.2.3:10250: i/o timeout"
    """
    asked = " ".join(words).strip()
    if asked == "-":
        _show_found(_found_in_log(), "this log", screen)
    elif not asked:
        _show_contents(screen)
    else:
        _show_asked(asked, screen)


def _show_asked(asked: str, screen: Screen) -> None:
    from bootstrap.cli import pages, searching  # noqa: PLC0415 - loads every step

    if page := pages.page(asked):
        _show(page, (), screen)
        return
    names = searching.found(asked, pages.entries())
    best = pages.page(names[0]) if names and (len(names) == 1 or searching.whole(asked, pages.entries())) else None
    if best and (screen.output == "text" or len(names) == 1):
        _show(best, names[1:], screen)
    else:
        _show_found(names, asked, screen)


def _found_in_log() -> tuple[str, ...]:
    """Pages of which a whole text stands in a line, in the order of the lines."""
    from bootstrap.cli import pages, searching  # noqa: PLC0415

    known = pages.entries()
    lines = [line for line, _ in zip(sys.stdin, range(_MOST_LINES), strict=False)]
    return tuple(dict.fromkeys(name for line in lines for name in searching.whole(line, known)))


def _show(page: "Page", others: tuple[str, ...], screen: Screen) -> None:
    if screen.output == "json":
        screen.print_document(document("Explanation", **page.parts()))
        return
    click.echo(as_typed(page.text(_width())))
    if others:
        click.echo(f"\nAlso about this:\n{_listing(others)}")


def _show_found(names: tuple[str, ...], asked: str, screen: Screen) -> None:
    from bootstrap.cli import pages  # noqa: PLC0415

    if not names:
        raise _unknown(asked, pages.names())
    if screen.output == "json":
        screen.print_document(_list_document(names))
        return
    speak = "1 page speaks" if len(names) == 1 else f"{len(names)} pages speak"
    click.echo(as_typed(f"{speak} of {asked}; open one with `kboot explain NAME`:\n{_listing(names)}"))
    if command := _as_command(asked):
        click.echo(as_typed(f"\n{asked}: {command}"))


def _show_contents(screen: Screen) -> None:
    from bootstrap.cli import pages  # noqa: PLC0415

    if screen.output == "json":
        screen.print_document(_list_document(pages.names()))
    else:
        click.echo(as_typed(pages.contents()))


def _listing(names: tuple[str, ...]) -> str:
    from bootstrap.cli import pages  # noqa: PLC0415

    column, width = max(map(len, names)), _width()
    return "\n".join(_cut(f"  {name:<{column}}  {pages.headline(name)}", width) for name in names)


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _width() -> int:
    return min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)


def _list_document(names: tuple[str, ...]) -> dict[str, object]:
    from bootstrap.cli import pages  # noqa: PLC0415

    return document("ExplanationList", pages=[{"name": name, "headline": pages.headline(name)} for name in names])


def _unknown(asked: str, known: tuple[str, ...]) -> KbootError:
    from bootstrap.load.error import did_you_mean  # noqa: PLC0415

    lists_all = "`kboot explain` lists all pages, and a word of the text may find more than all of it"
    return KbootError(
        Code.EXPLANATION_UNKNOWN,
        f"no page speaks of {asked!r}",
        advice=_as_command(asked) or did_you_mean(asked, known, lists_all),
        exit_code=ExitCode.USAGE,
    )


def _as_command(asked: str) -> str:
    """What to type where a playbook of kboot's has that name; empty otherwise."""
    from bootstrap.load.shipped import shipped_playbooks  # noqa: PLC0415

    known = asked in shipped_playbooks()
    return f"it is a command: `kboot {asked} --help`; `kboot plan {asked}` shows its steps" if known else ""
