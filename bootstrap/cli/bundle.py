"""`kboot bundle`: the air-gap bundle."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from bootstrap.cli.group import Group
from bootstrap.cli.options import NamedPath, Screen, screen_options
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES

R = TypeVar("R")
_folder = click.argument("folder", required=False, type=NamedPath(path_type=Path))


def _what(command: Callable[..., R]) -> Callable[..., R]:
    """Adds --kubernetes and --release, which make an order."""
    kubernetes = click.option(
        "--kubernetes",
        multiple=True,
        default=(DEFAULT_KUBERNETES,),
        show_default=True,
        metavar="VERSION",
        help="A Kubernetes version that is wanted; give it again for another one.",
    )
    release = click.option(
        "--release",
        multiple=True,
        metavar="CODENAME",
        help="A release that hosts run, such as trixie; give it again for another one. Default: this machine's own, "
        "and on Debian every release of it that kboot is made for.",
    )
    decorated: Callable[..., R] = kubernetes(release(command))
    return decorated


@click.group(cls=Group)
def bundle() -> None:
    """The air-gap bundle: everything that hosts install, with its lock.

    Example: sudo kboot bundle build --output /srv/kboot/1.36.3
    """


@bundle.command("build")
@_what
@click.option("--output", type=NamedPath(path_type=Path), help="Folder of the bundle; default: kboot's cache.")
@screen_options(("text",))
def bundle_build(kubernetes: tuple[str, ...], release: tuple[str, ...], output: Path | None, screen: Screen) -> None:
    """Build a bundle for hosts of this machine's architecture, from Go modules and Debian packages.

    The first build takes about 20 minutes on two cores, 15 more for each further version of Kubernetes; what it made is
    kept, so a build that was cut off goes on where it was, and a finished one is only looked at. The bundle's folder is
    printed on stdout; the cache has one for each choice of Kubernetes versions, so that one of other releases takes its
    place: --output keeps both.

    Example: sudo kboot bundle build --kubernetes 1.36.3 --kubernetes 1.35.4
    """
    from bootstrap.cli import bundle_work  # noqa: PLC0415 - help must not wait for what reads locks

    bundle_work.build_bundle(kubernetes, release, output, screen)


@bundle.command("verify")
@_folder
@click.option("--key", metavar="HEX", help="The key that must have signed the lock, as its maker told you.")
@screen_options(("text", "json"))
def bundle_verify(folder: Path | None, key: str | None, screen: Screen) -> ExitCode:
    """Compare every byte of a bundle with its signed lock. Exit code 12 when one is altered, missing or extra.

    The signature finds damage, and what was changed by someone without the signing key. Whether that key is the one you
    mean, only you can say: --key takes it, `kboot bundle list` shows it. Without FOLDER: that in
    kboot's cache.

    Example: kboot bundle verify /srv/kboot/1.36.3
    """
    from bootstrap.cli import bundle_work  # noqa: PLC0415 - help must not wait for what reads locks

    return bundle_work.verify_bundle(folder, key, screen)


@bundle.command("list")
@_folder
@screen_options(("text", "json"))
def bundle_list(folder: Path | None, screen: Screen) -> None:
    """What is in a bundle and how large: by kind, release and Kubernetes version; each file's source and licence.

    Without FOLDER it is the bundle in kboot's cache, which `kboot bundle build` makes.

    Example: kboot bundle list /srv/kboot/1.36.3
    """
    from bootstrap.cli import bundle_work  # noqa: PLC0415 - help must not wait for what reads locks

    bundle_work.list_bundle(folder, screen)


@bundle.command("prune")
@_what
@screen_options(("text", "json"), asks=True)
def bundle_prune(kubernetes: tuple[str, ...], release: tuple[str, ...], screen: Screen) -> ExitCode:
    """Remove from kboot's cache what the wanted versions and releases do not need.

    Parts of other recipes, bundles that hold something else and Python environments unused for a month are named with
    their sizes, and go once you say yes. Bundles that a lab of this machine uses stay, and those elsewhere are never
    looked at; whatever goes can be made again. The base systems of labs stay: `kboot lab prune`. With -o json nobody is
    asked: without --yes it only lists, and ends with 14.

    Example: sudo kboot bundle prune --kubernetes 1.36.3 --kubernetes 1.35.4
    """
    from bootstrap.cli import bundle_work  # noqa: PLC0415 - help must not wait for what reads locks

    return bundle_work.prune_cache(kubernetes, release, screen)
