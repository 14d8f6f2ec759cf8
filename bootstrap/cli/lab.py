"""`kboot lab`: disposable systemd hosts on this machine."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from bootstrap.cli.lab_troubles import lab_troubles
from bootstrap.cli.options import Screen, screen_options
from bootstrap.cli.site import cluster_state
from bootstrap.lab import power
from bootstrap.lab.lifecycle import Wish, down, each, start, up
from bootstrap.lab.machine import require_root
from bootstrap.lab.network import inside
from bootstrap.lab.readiness import HostStatus, host_status, wait_for_ssh
from bootstrap.lab.spec import MAX_HOSTS, LabSpec, System
from bootstrap.lab.state import LabState, lab_state, locked
from bootstrap.lab.troubles import NAMES
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.document import document

NAME_PATTERN = r"[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?"


def _checked_name(_ctx: click.Context, _option: click.Parameter, name: str) -> str:
    if re.fullmatch(NAME_PATTERN, name) is None:
        raise click.BadParameter("lower-case letters, digits and '-', at most 32 of them")
    return name


def _in_a_folder(_ctx: click.Context, _option: click.Parameter, path: Path) -> Path:
    # Said now: the file is written when all hosts have booted.
    if not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.absolute().parent}")
    return path


lab_name = click.option(
    "--name", default="lab", show_default=True, callback=_checked_name, help="Which lab on this machine."
)


class RootCommand(click.Command):
    """A command that needs root; its --help does not."""

    def invoke(self, ctx: click.Context) -> Any:
        """Refuses with KB1301 before anything else."""
        require_root()
        return super().invoke(ctx)


class RootGroup(click.Group):
    """A group of commands that need root."""

    command_class = RootCommand


@click.group(cls=RootGroup)
def lab() -> None:
    """Disposable systemd hosts on this machine: the rehearsal before metal.

    Example: sudo kboot lab up --hosts 3 --with ufw
    """


@lab.command("up")
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
    type=click.Path(path_type=Path),
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
    type=click.Path(path_type=Path, dir_okay=False),
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


lab.add_command(lab_troubles)  # it needs no root: it only tells


@lab.command("down")
@lab_name
@screen_options(("text",))
def lab_down(name: str, screen: Screen) -> None:
    """End the lab; nothing of it stays.

    Example: sudo kboot lab down
    """
    screen.say(f"lab {name} is gone" if down(name, screen.say) else f"there is no lab named {name}")


@lab.command("prune")
@screen_options(("text", "json"), asks=True)
def lab_prune(screen: Screen) -> ExitCode:
    """Remove the base systems in kboot's cache that no lab of this machine uses, a few hundred MB each.

    They are named with their sizes, and go once you say yes; the next lab that wants one builds it again, in about a
    minute. With -o json nobody is asked: without --yes it only lists, and ends with 14.

    Example: sudo kboot lab prune
    """
    from bootstrap.cli.pruning import prune  # noqa: PLC0415 - only the two commands that prune need it
    from bootstrap.lab.prune import remove_bases, unused_bases  # noqa: PLC0415

    with unused_bases() as found:
        return prune(found, remove_bases, screen)


@lab.command("status")
@lab_name
@screen_options(("text", "json"))
def lab_status(name: str, screen: Screen) -> None:
    """Show each host: state, address, uptime, memory.

    Example: sudo kboot lab status
    """
    state = lab_state(name)
    rows = [host_status(state, host.name, host.address) for host in state.known().hosts]
    if screen.output == "json":
        screen.print_document(document("LabStatus", lab=name, hosts=[_record(row) for row in rows]))
    else:
        click.echo(f"{'HOST':<8}{'STATE':<9}{'ADDRESS':<14}{'UPTIME':<10}MEMORY")
        for row in rows:
            click.echo(_row(row))


@lab.command("ssh", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@lab_name
@click.argument("host")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def lab_ssh(name: str, host: str, command: tuple[str, ...]) -> None:
    """Log in to HOST as its admin, or run COMMAND there.

    Example: sudo kboot lab ssh w1 systemctl --failed
    """
    state = lab_state(name)
    _known_hosts_of(state, (host,))
    os.execvp("ssh", ["ssh", "-F", str(state.ssh_config), host, *command])  # noqa: S606  ssh takes the terminal over


@lab.command("ssh-config")
@lab_name
def lab_ssh_config(name: str) -> None:
    """Print the ssh_config(5) that reaches the hosts (the file is named in its first line).

    Example: sudo kboot lab ssh-config
    """
    state = lab_state(name)
    state.known()
    state.require_made()
    click.echo(f"# {state.ssh_config}\n{state.ssh_config.read_text()}", nl=False)


@lab.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@lab_name
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def lab_exec(name: str, command: tuple[str, ...]) -> None:
    """Run COMMAND of this machine inside the lab's network, with KUBECONFIG set.

    Example: sudo kboot lab exec kubectl get nodes -o wide
    """
    state = lab_state(name)
    spec = state.known()
    state.require_made()
    kubeconfig = cluster_state(_cluster_of(spec)) / "kubeconfig"
    argv = inside(state.netns, *command)
    os.execvpe(argv[0], argv, {**os.environ, "KUBECONFIG": str(kubeconfig)})  # noqa: S606  the command takes over


def _cluster_of(spec: LabSpec) -> str:
    """The cluster's name as the lab's inventory says it now: a person may have renamed it. Else the lab's own name."""
    from bootstrap.load.inventory import load_inventory  # noqa: PLC0415 - only this command needs it

    try:
        return load_inventory(spec.inventory or "").cluster.name
    except KbootError:
        return spec.name


def _power_command(name: str, help_text: str, act: Callable[[LabState, tuple[str, ...]], None]) -> None:
    @lab.command(name, help=f"{help_text}\n\nExample: sudo kboot lab {name} w1")
    @lab_name
    @click.argument("hosts", nargs=-1)
    @screen_options(("text",))
    def command(name: str, hosts: tuple[str, ...], screen: Screen) -> None:  # noqa: ARG001 - it talks in errors alone
        state = lab_state(name)
        chosen = _known_hosts_of(state, hosts)
        with locked(state):
            act(state, chosen)


def _stop(state: LabState, hosts: tuple[str, ...]) -> None:
    each(lambda host: power.switch_off(state.host(host)), hosts)


def _cut(state: LabState, hosts: tuple[str, ...]) -> None:
    each(lambda host: power.cut(state.host(host)), hosts)


def _reboot(state: LabState, hosts: tuple[str, ...]) -> None:
    each(lambda host: power.reboot(state, state.host(host)), hosts)
    each(lambda host: wait_for_ssh(state, host), hosts)


_power_command("stop", "Shut HOSTS down in order (all of them if none is named); they stay off.", _stop)
_power_command("start", "Switch HOSTS on (all of them if none is named) and wait until they let their admin in.", start)
_power_command("reboot", "Reboot HOSTS in order (all of them if none is named) and wait for them.", _reboot)
_power_command(
    "power-cut", "Pull the plug of HOSTS (all if none is named): unwritten data is lost, they stay off.", _cut
)


def _known_hosts_of(state: LabState, hosts: tuple[str, ...]) -> tuple[str, ...]:
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


def _record(row: HostStatus) -> dict[str, str | int | None]:
    return {
        "name": row.name, "address": row.address, "state": row.state, "uptimeSeconds": row.uptime_s,
        "memoryBytes": row.memory_bytes,
    }  # fmt: skip


def _row(row: HostStatus) -> str:
    uptime = "-" if row.uptime_s is None else f"{row.uptime_s // 60}m{row.uptime_s % 60:02}s"
    memory = "-" if row.memory_bytes is None else f"{row.memory_bytes >> 20} MiB"
    return f"{row.name:<8}{row.state:<9}{row.address:<14}{uptime:<10}{memory}"
