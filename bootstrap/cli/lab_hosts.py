"""`kboot lab status|ssh|ssh-config|exec`: looking at a lab's hosts, and being there."""

import os

import click

from bootstrap.cli.lab_command import RootCommand, hosts_of, lab_name
from bootstrap.cli.options import Screen, screen_options
from bootstrap.cli.site import cluster_state
from bootstrap.lab.network import inside
from bootstrap.lab.readiness import HostStatus, host_status
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import lab_state
from bootstrap.model.error import KbootError
from bootstrap.show.document import document


@click.command("status", cls=RootCommand)
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


@click.command(
    "ssh", cls=RootCommand, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@lab_name
@click.argument("host")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def lab_ssh(name: str, host: str, command: tuple[str, ...]) -> None:
    """Log in to HOST as its admin, or run COMMAND there.

    Example: sudo kboot lab ssh w1 systemctl --failed
    """
    state = lab_state(name)
    hosts_of(state, (host,))
    os.execvp("ssh", ["ssh", "-F", str(state.ssh_config), host, *command])  # noqa: S606  ssh takes the terminal over


@click.command("ssh-config", cls=RootCommand)
@lab_name
def lab_ssh_config(name: str) -> None:
    """Print the ssh_config(5) that reaches the hosts (the file is named in its first line).

    Example: sudo kboot lab ssh-config
    """
    state = lab_state(name)
    state.known()
    state.require_made()
    click.echo(f"# {state.ssh_config}\n{state.ssh_config.read_text()}", nl=False)


@click.command(
    "exec", cls=RootCommand, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
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


def _record(row: HostStatus) -> dict[str, str | int | None]:
    return {
        "name": row.name, "address": row.address, "state": row.state, "uptimeSeconds": row.uptime_s,
        "memoryBytes": row.memory_bytes,
    }  # fmt: skip


def _row(row: HostStatus) -> str:
    uptime = "-" if row.uptime_s is None else f"{row.uptime_s // 60}m{row.uptime_s % 60:02}s"
    memory = "-" if row.memory_bytes is None else f"{row.memory_bytes >> 20} MiB"
    return f"{row.name:<8}{row.state:<9}{row.address:<14}{uptime:<10}{memory}"
