"""`kboot lab troubles`: what a lab's hosts can be born with."""

import click

from bootstrap.cli.options import Screen, screen_options
from bootstrap.lab.troubles import NAMES, TROUBLES, chosen_troubles
from bootstrap.show.started import as_typed


@click.command("troubles")
@click.argument("name", required=False, type=click.Choice(NAMES), metavar="[TROUBLE]")
@screen_options(("text",))
def lab_troubles(name: str | None, screen: Screen) -> None:  # noqa: ARG001 - its words are all result
    """List what a lab's hosts can be born with, or tell about one TROUBLE.

    Example: kboot lab troubles ufw
    """
    if name:
        click.echo(as_typed(f"{name}\n\n{chosen_troubles([name])[0].story.strip()}"))
        return
    width = max(map(len, NAMES))
    for trouble in TROUBLES:
        click.echo(f"{trouble.name:<{width}}  {trouble.title}")
