"""`kboot inventory check`."""

from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bootstrap.cli.asked import Asked
from bootstrap.cli.options import NamedPath, Screen, inventory_option, screen_options
from bootstrap.cli.preparing import Prepared, prepare
from bootstrap.cli.site import find_site
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.redact import Redactor

if TYPE_CHECKING:
    from bootstrap.model.plan import Plan


@click.command()
@click.argument("file", required=False, type=NamedPath(path_type=Path))
@inventory_option
@click.option("--hosts", "with_hosts", is_flag=True, help="Log in to the hosts too, and run the checks of `kboot up`.")
@screen_options(("text", "json"))
def check(file: Path | None, inventory: Path | None, with_hosts: bool, screen: Screen) -> ExitCode:
    """Read an inventory and say what is wrong, or that it is OK.

    Contacts nobody and changes nothing. Exit code 0: it is in order; 3: it is not, with the place of every mistake (in
    -o json as fields, for an editor); 12: it is, and the bundle that it names is not the one that was signed.

    With --hosts the checks that `kboot up` begins with are run too, and change nothing either. Exit code then 0: all
    hold; 6: a check refuses; 10: a check waits; 8: some hosts do not answer; 4: no host, or no control plane, does;
    5: as 4, because of a host key.

    Example: kboot inventory check -i lab.yaml --hosts
    """
    if file and inventory:
        raise click.UsageError("the inventory is named twice: as FILE and by --inventory")
    site = find_site(file or inventory)
    prepared = prepare(Asked("up", file or inventory)) if with_hosts or site.inventory.cluster.bundle else None
    from bootstrap.load.wanted import check_addons  # noqa: PLC0415 - after the inventory's own mistakes
    from bootstrap.show import inventory_text  # noqa: PLC0415

    check_addons(site.inventory)
    if screen.output == "text":
        for line in inventory_text.inventory_lines(str(site.path), site.inventory):
            click.echo(line)
    checked = _checked(prepared, screen) if prepared and with_hosts else None
    code = checked[1] if checked else ExitCode.OK
    if screen.output == "json":
        made = checked[0] if checked else None
        document = inventory_text.inventory_document(str(site.path), site.inventory, made, code)
        screen.print_document(Redactor.of(site.secrets()).document(document))
    elif code is ExitCode.OK:
        screen.say(f"next: kboot up{site.option}" if checked else f"next: kboot inventory check{site.option} --hosts")
    return code


def _checked(prepared: Prepared, screen: Screen) -> "tuple[Plan, ExitCode]":
    """The phases that `up` begins with and that cannot act, planned on the hosts."""
    from bootstrap.cli.run_playbook import planned, print_plan  # noqa: PLC0415
    from bootstrap.run import plan_exit_code  # noqa: PLC0415

    first = takewhile(lambda phase: not any(step.can_act for step in phase.steps), prepared.playbook.phases)
    checks = replace(prepared, playbook=replace(prepared.playbook, phases=tuple(first), closing=()))
    made = planned(checks, screen)
    if screen.output == "text":
        click.echo()
        print_plan(made, checks, f"Checks of cluster {prepared.cluster}", screen)
    return made, plan_exit_code(made)
