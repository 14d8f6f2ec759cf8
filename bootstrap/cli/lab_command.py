"""What the commands of `kboot lab` share: they need root, and name a lab and hosts of it."""

import re
from typing import Any

import click

from bootstrap.lab.machine import require_root
from bootstrap.lab.state import LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

NAME_PATTERN = r"[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?"


def _checked_name(_ctx: click.Context, _option: click.Parameter, name: str) -> str:
    if re.fullmatch(NAME_PATTERN, name) is None:
        raise click.BadParameter("lower-case letters, digits and '-', at most 32 of them")
    return name


lab_name = click.option(
    "--name", default="lab", show_default=True, callback=_checked_name, help="Which lab on this machine."
)


class RootCommand(click.Command):
    """A command that needs root; its --help does not."""

    def invoke(self, ctx: click.Context) -> Any:
        """Refuses with KB1301 before anything else."""
        require_root()
        return super().invoke(ctx)


def hosts_of(state: LabState, hosts: tuple[str, ...]) -> tuple[str, ...]:
    """These hosts of the lab, all where none is named. Raises KB1306 for one that it has not."""
    spec = state.known()
    for host in hosts:
        if host not in spec.host_names:
            raise KbootError(
                Code.LAB_HOST_UNKNOWN,
                f"lab {spec.name!r} has no host of this name; it has {', '.join(spec.host_names)}",
                where=host,
                exit_code=ExitCode.USAGE,
            )
    chosen = hosts or spec.host_names
    state.require_made(chosen)
    return chosen
