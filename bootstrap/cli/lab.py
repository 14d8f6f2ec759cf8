"""`kboot lab`: disposable systemd hosts on this machine."""

import click

from bootstrap.cli import lab_hosts, lab_making, lab_power
from bootstrap.cli.group import Group
from bootstrap.cli.lab_troubles import lab_troubles


@click.group(cls=Group)
def lab() -> None:
    """Disposable systemd hosts on this machine: the rehearsal before metal.

    Example: sudo kboot lab up --hosts 3 --with ufw
    """


for _command in (
    lab_making.lab_up, lab_troubles, lab_making.lab_down, lab_making.lab_prune, lab_hosts.lab_status,
    lab_hosts.lab_ssh, lab_hosts.lab_ssh_config, lab_hosts.lab_exec, *lab_power.COMMANDS,
):  # fmt: skip
    lab.add_command(_command)
