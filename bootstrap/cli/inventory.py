"""`kboot inventory init|check|reference`: the file that says what is wanted."""

import click

from bootstrap.cli.group import Group
from bootstrap.cli.inventory_check import check
from bootstrap.cli.inventory_init import init
from bootstrap.cli.inventory_reference import reference


@click.group(cls=Group)
def inventory() -> None:
    """Write, check and explain the inventory.

    It is one YAML file that says which cluster is wanted, on which hosts, and how they are reached.

    Example: kboot inventory check -i lab.yaml
    """


for _command in (init, check, reference):
    inventory.add_command(_command)
