"""`kboot lab stop|start|reboot|power-cut`: the power buttons of a lab's hosts."""

from collections.abc import Callable

import click

from bootstrap.cli.lab_command import RootCommand, hosts_of, lab_name
from bootstrap.cli.options import Screen, screen_options
from bootstrap.lab import power
from bootstrap.lab.lifecycle import each, start
from bootstrap.lab.readiness import wait_for_ssh
from bootstrap.lab.state import LabState, lab_state, locked


def _power_command(name: str, help_text: str, act: Callable[[LabState, tuple[str, ...]], None]) -> click.Command:
    @click.command(name, cls=RootCommand, help=f"{help_text}\n\nExample: sudo kboot lab {name} w1")
    @lab_name
    @click.argument("hosts", nargs=-1)
    @screen_options(("text",))
    def command(name: str, hosts: tuple[str, ...], screen: Screen) -> None:  # noqa: ARG001 - it talks in errors alone
        state = lab_state(name)
        chosen = hosts_of(state, hosts)
        with locked(state):
            act(state, chosen)

    return command


def _stop(state: LabState, hosts: tuple[str, ...]) -> None:
    each(lambda host: power.switch_off(state.host(host)), hosts)


def _cut(state: LabState, hosts: tuple[str, ...]) -> None:
    each(lambda host: power.cut(state.host(host)), hosts)


def _reboot(state: LabState, hosts: tuple[str, ...]) -> None:
    each(lambda host: power.reboot(state, state.host(host)), hosts)
    each(lambda host: wait_for_ssh(state, host), hosts)


COMMANDS = (
    _power_command("stop", "Shut HOSTS down in order (all of them if none is named); they stay off.", _stop),
    _power_command(
        "start", "Switch HOSTS on (all of them if none is named) and wait until they let their admin in.", start
    ),
    _power_command("reboot", "Reboot HOSTS in order (all of them if none is named) and wait for them.", _reboot),
    _power_command(
        "power-cut", "Pull the plug of HOSTS (all if none is named): unwritten data is lost, they stay off.", _cut
    ),
)
