"""`kboot version`."""

import platform

import click

from bootstrap import __version__
from bootstrap.cli.options import Screen, screen_options
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES, VERSIONS
from bootstrap.show.document import document


@click.command()
@screen_options(("text", "json"))
def version(screen: Screen) -> None:
    """Print the version.

    Also which Kubernetes versions this kboot knows, the default first.

    Example: kboot version -o json
    """
    known = sorted(VERSIONS, key=lambda one: (one != DEFAULT_KUBERNETES, [-int(part) for part in one.split(".")]))
    if screen.output == "json":
        told = {"kboot": __version__, "python": platform.python_version(), "kubernetes": known}
        screen.print_document(document("Version", **told))
    else:
        click.echo(f"kboot {__version__} (Python {platform.python_version()}; Kubernetes {', '.join(known)})")
