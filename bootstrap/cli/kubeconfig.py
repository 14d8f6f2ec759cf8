"""`kboot kubeconfig get|merge`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bootstrap.cli.confirming import confirmed
from bootstrap.cli.group import Group
from bootstrap.cli.options import NamedPath, Screen, inventory_option, screen_options
from bootstrap.cli.private_file import replace_private
from bootstrap.cli.site import Site, find_site
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

if TYPE_CHECKING:
    from bootstrap.model.kubeconfig import Access


@click.group(cls=Group)
def kubeconfig() -> None:
    """Print or merge the admin kubeconfig.

    A run keeps the cluster's admin kubeconfig in kboot's own folder, readable by you alone.

    Example: kboot kubeconfig merge
    """


@kubeconfig.command()
@inventory_option
@click.option("--path", "only_path", is_flag=True, help="Print the file's path instead.")
@screen_options(("text",))
def get(inventory: Path | None, only_path: bool, screen: Screen) -> None:  # noqa: ARG001 - it has nothing to talk of
    """Print the admin kubeconfig.

    It holds the key of a cluster admin: mind where it goes. With --path nothing secret is printed.

    Example: KUBECONFIG=$(kboot kubeconfig get --path) kubectl get nodes
    """
    site = find_site(inventory)
    text = _kept(site)
    click.echo(str(kept_path(site)) if only_path else text, nl=only_path)


@kubeconfig.command()
@inventory_option
@click.option(
    "--into",
    type=NamedPath(path_type=Path),
    help="File to merge into; default $KUBECONFIG's first, else ~/.kube/config.",
)
@click.option("--use", is_flag=True, help="Make it the current context.")
@screen_options(("text",), asks=True)
def merge(inventory: Path | None, into: Path | None, use: bool, screen: Screen) -> ExitCode:
    """Merge the admin kubeconfig into your own.

    Every other context stays byte for byte; ours, named like the cluster, is added, or replaced when the cluster was
    made anew. The file is replaced in one step and is 0600 afterwards.

    Example: kboot kubeconfig merge --use
    """
    from bootstrap.model import kubeconfig as format_  # noqa: PLC0415 - YAML is loaded for this command alone

    site = find_site(inventory)
    target = into or _users_own()
    try:
        access = format_.Access.of(_kept(site), site.inventory.cluster.name)
        present = target.read_text(encoding="utf-8") if target.exists() else ""
        _refuse_foreign(format_.foreign(present, access, format_.own_servers(site.inventory)), target, screen)
        text = format_.merged(present, access, use=use)
    except (OSError, UnicodeDecodeError, format_.KubeconfigError) as error:
        raise _unusable(target, error) from error
    _write(target, present, text, access)
    return ExitCode.OK


def kept_path(site: Site) -> Path:
    """Where a run keeps this cluster's admin kubeconfig."""
    return site.state / "kubeconfig"


def _kept(site: Site) -> str:
    try:
        return kept_path(site).read_text(encoding="utf-8")
    except OSError as error:
        raise KbootError(
            Code.KUBECONFIG_MISSING,
            f"no kubeconfig of cluster {site.inventory.cluster.name} is kept here",
            where=str(kept_path(site)),
            evidence=str(error),
            advice=f"kboot init-master{site.option} fetches it; on a cluster that runs already it changes nothing else",
        ) from error


def _users_own() -> Path:
    """kubectl's own rule: the first file of $KUBECONFIG, else ~/.kube/config."""
    listed = [path for path in os.environ.get("KUBECONFIG", "").split(os.pathsep) if path]
    return Path(listed[0]) if listed else Path.home() / ".kube" / "config"


def _refuse_foreign(why: str, target: Path, screen: Screen) -> None:
    if why and not confirmed(screen, f"{target}: {why}. Replace it?"):
        raise KbootError(
            Code.KUBECONFIG_FOREIGN,
            why,
            where=str(target),
            advice="name the cluster otherwise in the inventory, or answer yes to replace it",
            exit_code=ExitCode.REFUSED,
        )


def _write(target: Path, present: str, text: str, access: "Access") -> None:
    if text == present:
        click.echo(f"{target}: context {access.name} is up to date; nothing was written")
        return
    replace_private(target, text)
    click.echo(f"{target}: context {access.name} merged. Use it: kubectl --context {access.name} get nodes")


def _unusable(target: Path, error: Exception) -> KbootError:
    return KbootError(
        Code.KUBECONFIG_UNUSABLE,
        "this kubeconfig cannot be merged into; it was left as it is",
        where=str(target),
        evidence=str(error),
        advice="mend it, or merge into a file of its own: --into PATH",
    )
