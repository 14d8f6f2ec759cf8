"""`kboot ssh`."""

from pathlib import Path

import click

from bootstrap.cli import completing
from bootstrap.cli.options import inventory_option


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("host", shell_complete=completing.hosts)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@inventory_option
def ssh(host: str, command: tuple[str, ...], inventory: Path | None) -> int:
    """Log in to a host of the inventory.

    Starts the system's own ssh with the address, port, user, key and known_hosts that the inventory names; a COMMAND
    after the host is run there and its exit code passed on. Exit code 4: the host was not reached or did not let us in;
    5: its key was refused.

    Example: kboot ssh w1 journalctl -u kubelet -n 50
    """
    from bootstrap.cli.site import find_site  # noqa: PLC0415 - help must not wait for pydantic
    from bootstrap.cli.system_ssh import run_there  # noqa: PLC0415
    from bootstrap.run.reach import ssh_settings  # noqa: PLC0415

    site = find_site(inventory)
    return run_there(host, ssh_settings(site.inventory, site.host(host)), command, trust=site.trust)
