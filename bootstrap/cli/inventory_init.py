"""`kboot inventory init`."""

import os
import shlex
from pathlib import Path

import click

from bootstrap.cli.options import NamedPath, Screen, screen_options
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.started import as_typed

_A_PATH = NamedPath(path_type=Path)


@click.command()
@click.argument("hosts", nargs=-1, required=True, metavar="[USER@]HOST[:PORT]...")
@click.option("-o", "--output", type=_A_PATH, default="lab.yaml", show_default=True, help="File to write; - is stdout.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--name", default="lab", show_default=True, help="The cluster's name.")
@click.option("--key", type=_A_PATH, help="Private key file for all hosts.")
@click.option("--known-hosts", type=_A_PATH, help="known_hosts file; default: what `ssh` uses.")
@click.option("--bastion", metavar="[USER@]HOST[:PORT]", help="Host to go through.")
@click.option("--netns", help="Network namespace of this machine to connect from (a lab's).")
@click.option("--bundle", type=_A_PATH, help="Air-gap bundle that the inventory names.")
@screen_options(("text",), asks=True)
def init(  # noqa: PLR0917 - click's options
    hosts: tuple[str, ...],
    output: Path,
    force: bool,
    name: str,
    key: Path | None,
    known_hosts: Path | None,
    bastion: str | None,
    netns: str | None,
    bundle: Path | None,
    screen: Screen,
) -> None:
    """Write a first inventory from what hosts say.

    Logs in to each host once, changes nothing there, and writes down its name, addresses and release. The first host
    is the control plane. An address that several hosts have (a NAT's) is no node address; where a host has several
    networks, nodeIP says which one counts. A host whose key is unknown is asked about first (--yes trusts it).

    Example: kboot inventory init admin@192.168.1.11 admin@192.168.1.21
    """
    _may_write(output, force=force)
    from bootstrap.cli.first_inventory import first_inventory, ssh_fields  # noqa: PLC0415 - fabric and paramiko

    ssh = ssh_fields(key=key, known_hosts=known_hosts, bastion=bastion, netns=netns)
    text = first_inventory(hosts, name, ssh, str(bundle.absolute()) if bundle else None, screen)
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    _write(output, text, force=force)
    option = "" if str(output) == "lab.yaml" else f" -i {shlex.quote(str(output))}"
    screen.say(f"wrote {output}: read it, edit it, then")
    for command in ("inventory check{} --hosts", "plan up{}", "up{}"):
        screen.say(f"  kboot {command.format(option)}")


def _may_write(output: Path, *, force: bool) -> None:
    """Before any host is contacted. Raises KB1033 where a file would be overwritten."""
    if str(output) in {"text", "json", "ndjson"}:
        raise click.BadParameter(f"here it names the file to write; {output} is no file's name", param_hint="-o")
    if str(output) != "-" and not output.absolute().parent.is_dir():
        raise _unwritable(output, f"there is no folder {output.parent}")
    if str(output) != "-" and os.path.lexists(output) and (not force or not output.is_file()):
        raise _taken(output)


def _write(output: Path, text: str, *, force: bool) -> None:
    try:
        with output.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _taken(output) from None
    except OSError as error:
        raise _unwritable(output, str(error.strerror)) from None


def _unwritable(output: Path, why: str) -> KbootError:
    problem = f"the inventory cannot be written: {why}"
    return KbootError(Code.OUTPUT_TAKEN, problem, where=str(output), exit_code=ExitCode.USAGE)


def _taken(output: Path) -> KbootError:
    return KbootError(
        Code.OUTPUT_TAKEN,
        "is there already, and would be overwritten",
        where=str(output),
        advice=as_typed("write elsewhere with -o FILE, or over it with --force"),
        exit_code=ExitCode.USAGE,
    )
