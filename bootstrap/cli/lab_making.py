"""`kboot lab up|down|prune`: labs come and go."""

from functools import partial
from pathlib import Path
from typing import Any, get_args

import click

from bootstrap.cli.lab_command import RootCommand, lab_name
from bootstrap.cli.options import NamedPath, Screen, screen_options
from bootstrap.lab.lifecycle import Wish, down, up
from bootstrap.lab.spec import MAX_HOSTS, System
from bootstrap.lab.state import lab_state
from bootstrap.lab.troubles import NAMES
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


def _in_a_folder(_ctx: click.Context, _option: click.Parameter, path: Path) -> Path:
    # Said now: the file is written when all hosts have booted.
    if not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.absolute().parent}")
    return path


@click.command("up", cls=RootCommand)
@lab_name
@click.option("--hosts", type=click.IntRange(1, MAX_HOSTS), help="One control plane and N-1 workers; 3 by default.")
@click.option(
    "--os",
    type=click.Choice(get_args(System)),
    help="What the hosts run; debian-12 by default. debian-13 is set up as a new Ubuntu is: sudo-rs, systemd-resolved, "
    "needrestart, unattended-upgrades.",
)
@click.option("--ssh-port", type=click.IntRange(1, 65535), help="Port of the hosts' sshd; 22 by default.")
@click.option("--sudo-password", is_flag=True, default=None, help="The hosts' user needs a password for sudo.")
@click.option(
    "--with",
    "troubles",
    multiple=True,
    type=click.Choice(NAMES),
    metavar="TROUBLE",
    help=f"What the hosts are born with; may be given again. One of {', '.join(NAMES)}: see `kboot lab troubles`.",
)
@click.option(
    "--bundle",
    type=NamedPath(path_type=Path),
    help="Air-gap bundle that the inventory names; default: the one that `kboot bundle build` made.",
)
@click.option(
    "--mirrors",
    is_flag=True,
    default=None,
    help="The inventory names no bundle but `mirrors`: the lab serves the bundle's content as pkgs.k8s.io, Docker's "
    "repository and image registries do.",
)
@click.option(
    "--inventory",
    type=NamedPath(path_type=Path, dir_okay=False),
    callback=_in_a_folder,
    default="lab.yaml",
    show_default=True,
    help="Where to write it.",
)
@screen_options(("text",))
def lab_up(screen: Screen, **asked: Any) -> None:
    """Boot the hosts and write their inventory. Run again, it adds what is missing and changes nothing else.

    Example: sudo kboot lab up --hosts 3 --ssh-port 2222 --with ufw
    """
    bundle = asked.pop("bundle") or _built_bundle()
    kubernetes = None if bundle is None else _other_version(bundle)
    folder = None if bundle is None else str(bundle.absolute())
    spec = up(Wish(bundle=folder, kubernetes=kubernetes, **asked), screen.say)
    if spec.bundle is None:
        screen.say("the inventory names no bundle yet: `kboot bundle build`, then this command again")
    hosts = "1 host is" if len(spec.hosts) == 1 else f"{len(spec.hosts)} hosts are"
    screen.say(f"{hosts} up; the inventory is {spec.inventory}")


def _other_version(folder: Path) -> str | None:
    """The first Kubernetes version of a bundle that lacks the default one; the inventory has to name it."""
    from bootstrap.bundle.bundle import Bundle  # noqa: PLC0415 - only this command needs it
    from bootstrap.model.tables.versions import DEFAULT_KUBERNETES  # noqa: PLC0415

    try:
        versions = Bundle.read(folder).lock.versions
    except KbootError:  # the commands that use it say what is wrong
        return None
    return None if DEFAULT_KUBERNETES in versions else next(iter(versions), None)


def _built_bundle() -> Path | None:
    """The bundle in the cache, None when none was built."""
    from bootstrap.bundle.bundle import LOCK_NAME  # noqa: PLC0415 - only this command needs it
    from bootstrap.bundle.place import default_folder  # noqa: PLC0415

    folder = default_folder()
    return folder if (folder / LOCK_NAME).is_file() else None


@click.command("down", cls=RootCommand)
@lab_name
@screen_options(("text",))
def lab_down(name: str, screen: Screen) -> None:
    """End the lab; nothing of it stays.

    Example: sudo kboot lab down
    """
    screen.say(f"lab {name} is gone" if down(name, screen.say) else lab_state(name).unknown())


@click.command("prune", cls=RootCommand)
@screen_options(("text", "json"), asks=True)
def lab_prune(screen: Screen) -> ExitCode:
    """Remove the base systems in kboot's cache that no lab of this machine uses, a few hundred MB each.

    They are named with their sizes, and go once you say yes; the next lab that wants one builds it again, in about a
    minute. With -o json nobody is asked: without --yes it only lists, and ends with 14.

    Example: sudo kboot lab prune
    """
    from bootstrap.cli.pruning import prune  # noqa: PLC0415 - only the two commands that prune need it
    from bootstrap.lab.base import bases_folder  # noqa: PLC0415
    from bootstrap.lab.prune import remove_bases, unused_bases  # noqa: PLC0415

    return prune(unused_bases(screen.say), partial(remove_bases, say=screen.say), bases_folder(), screen)
