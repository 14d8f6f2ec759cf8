"""`kboot man`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bootstrap.cli.options import NamedPath, Screen, screen_options


@click.command()
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@click.option(
    "--to", "folder", type=NamedPath(path_type=Path, file_okay=False), help="Write every page into this folder."
)
@screen_options(("text",))
@click.pass_context
def man(ctx: click.Context, words: tuple[str, ...], folder: Path | None, screen: Screen) -> None:
    """Print a command's manual page, or write all of them.

    Without a COMMAND it is the page of kboot itself; look at one with `kboot man up | man -l -`. man(1) finds pages in
    /usr/local/share/man/man1, and in ~/.local/share/man/man1 when ~/.local/bin is in PATH: `man kboot-up`.

    \b
    Example: kboot man --to ~/.local/share/man/man1
    """
    from bootstrap.cli.man_page import man_page, pages  # noqa: PLC0415 - the other commands need it not

    command = ctx.find_root().command
    root = click.Context(command, info_name="kboot", **command.context_settings)
    every = {one.command_path.partition(" ")[2]: one for one in pages(root)}
    today = datetime.now(UTC).date()
    if folder is None:
        chosen = every.get(" ".join(words))
        if chosen is None:
            raise click.UsageError(f"there is no command {' '.join(words)!r}")
        click.echo(man_page(chosen, today), nl=False)
        return
    folder.mkdir(parents=True, exist_ok=True)
    for page in every.values():
        (folder / f"{page.command_path.replace(' ', '-')}.1").write_text(man_page(page, today), encoding="utf-8")
    screen.say(f"{len(every)} pages are in {folder}; try `man -l {folder}/kboot-up.1`")
