"""`kboot addons list|apply`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bootstrap.cli import completing
from bootstrap.cli.group import Group
from bootstrap.cli.options import Screen, inventory_option, screen_options
from bootstrap.model.codes import Code
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.started import as_typed

if TYPE_CHECKING:
    from bootstrap.model.inventory import Inventory
    from bootstrap.show.addon_text import AddonState

_UNASKED = frozenset({ExitCode.NO_HOST, ExitCode.KEY_REFUSED})


@click.group(cls=Group)
def addons() -> None:
    """What runs in the cluster beside Kubernetes: the pod network, metrics.

    The inventory's cluster.addons says which are wanted.

    Example: kboot addons list -i lab.yaml
    """


@addons.command("list")
@inventory_option
@screen_options(("text", "json"))
def addons_list(inventory: Path | None, screen: Screen) -> ExitCode:
    """Name each addon, its version, and how it stands in the cluster.

    ready: applied as wanted, all its pods ready; not-ready: applied, pods are missing; differs: another version, or
    somebody edited it; absent: not in the cluster; unwanted: kboot ships it and the inventory leaves it out. Without an
    inventory: what kboot ships. Exit code 4: the control plane was not reached; 5: its key was refused.

    Example: kboot addons list
    """
    from bootstrap.model.error import KbootError  # noqa: PLC0415

    try:
        return _list_of_cluster(inventory, screen)
    except KbootError as error:
        if inventory is not None or error.code is not Code.INPUT_NOT_FOUND:
            raise
    from bootstrap.cli.addon_states import shipped  # noqa: PLC0415

    screen.say("no inventory here: these are the addons that kboot ships")
    return _show(shipped(), "", ExitCode.OK, screen)


@addons.command("apply")
@click.argument("names", nargs=-1, shell_complete=completing.addons)
@inventory_option
@screen_options()
def addons_apply(names: tuple[str, ...], inventory: Path | None, screen: Screen) -> ExitCode:
    """Bring the inventory's addons into the cluster, all or those of NAMES, and wait until they work.

    Walks their steps of `kboot up` and no others: an addon that is as wanted is left alone, one that somebody edited is
    put back. `kboot plan up --only metrics-server-running` shows beforehand what would change. Exit codes are those of
    `kboot up`.

    Example: kboot addons apply metrics-server
    """
    from bootstrap.cli.addon_states import steps_of  # noqa: PLC0415 - help must not wait for the steps
    from bootstrap.cli.asked import Asked  # noqa: PLC0415
    from bootstrap.cli.run_playbook import run  # noqa: PLC0415
    from bootstrap.cli.site import find_site  # noqa: PLC0415

    chosen = _chosen(names, find_site(inventory).inventory)
    steps = tuple(dict.fromkeys(step for name in chosen for step in steps_of(name)))
    typed = " ".join(("addons apply", *names))
    return run(Asked("up", inventory, only=steps, typed=typed), screen)


def _list_of_cluster(inventory: Path | None, screen: Screen) -> ExitCode:
    from bootstrap.cli.addon_states import questions, shipped, states, step_of  # noqa: PLC0415
    from bootstrap.cli.asked import Asked  # noqa: PLC0415
    from bootstrap.cli.preparing import prepare  # noqa: PLC0415
    from bootstrap.cli.run_playbook import surveyed  # noqa: PLC0415
    from bootstrap.cli.site import connections, find_site  # noqa: PLC0415
    from bootstrap.model.redact import Redactor  # noqa: PLC0415
    from bootstrap.run import plan_exit_code  # noqa: PLC0415

    site = find_site(inventory)
    chosen = tuple(map(step_of, _named(site.inventory)))
    if not chosen:
        return _show(shipped(), site.inventory.cluster.name, ExitCode.OK, screen)
    prepared = prepare(Asked("up", inventory, only=chosen))
    redact = Redactor.of(prepared.site.secrets())
    with connections(prepared.site) as hosts:
        first = prepared.site.inventory.first_control_plane.name
        made, facts = surveyed(prepared, {first: hosts[first]}, screen, redact, questions(prepared.wanted))
    code = plan_exit_code(made)
    listed = tuple(states(prepared.wanted, made, facts))
    return _show(listed, prepared.cluster, code if code in _UNASKED else ExitCode.OK, screen)


def _show(listed: "tuple[AddonState, ...]", cluster: str, code: ExitCode, screen: Screen) -> ExitCode:
    from bootstrap.show import addon_text, console  # noqa: PLC0415 - rich only where something is shown

    if screen.output == "json":
        screen.print_document(addon_text.addons_document(listed, cluster, code))
    else:
        console.print_lines(console.results(screen.colour), addon_text.addon_lines(listed))
    return code


def _chosen(names: tuple[str, ...], inventory: "Inventory") -> tuple[str, ...]:
    """All of the inventory's addons, or those named. Raises a usage error for one that the inventory does not want."""
    from bootstrap.load.error import did_you_mean  # noqa: PLC0415 - only for the mistake

    wanted = _named(inventory)
    if not wanted:
        raise click.UsageError("the inventory's cluster.addons is empty: there is nothing to apply")
    for name in names:
        if name not in wanted:
            hint = did_you_mean(name, wanted)
            words = f"the inventory's cluster.addons has no {name!r}; {hint}"
            raise click.BadParameter(as_typed(words), param_hint="NAMES")
    return names or wanted


def _named(inventory: "Inventory") -> tuple[str, ...]:
    """The names of the inventory's addons, of those by path too."""
    from bootstrap.load.addon import load_addon_file  # noqa: PLC0415

    return tuple(load_addon_file(word)[1].name for word in inventory.cluster.addons)
