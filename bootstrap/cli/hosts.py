"""`kboot hosts scan|trust`: the hosts' SSH keys, seen and pinned before any credential is sent."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bootstrap.cli import completing
from bootstrap.cli.confirming import confirmed
from bootstrap.cli.group import Group
from bootstrap.cli.options import Screen, inventory_option, screen_options
from bootstrap.cli.site import Site, find_site
from bootstrap.cli.ways import Way, tiers
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.document import document
from bootstrap.show.started import as_typed

if TYPE_CHECKING:
    from bootstrap.transport.known_hosts import HostKey
    from bootstrap.transport.settings import SshSettings
    from bootstrap.transport.ssh import SshContext

_AT_ONCE = 32


@dataclass(frozen=True)
class Seen:
    """One host's key and what known_hosts says of it; `error` when no key came, or nobody can say where from."""

    host: str
    settings: "SshSettings | None" = None
    key: "HostKey | None" = None
    verdict: str = ""
    error: KbootError | None = None


@click.group(cls=Group)
def hosts() -> None:
    """Look at hosts' SSH keys and trust them.

    kboot refuses a host whose key is unknown or has changed before it sends any credential. A bastion that hosts are
    reached through has a key of its own: it is named by its address, and comes before them.

    Example: kboot hosts scan -i lab.yaml
    """


@hosts.command()
@click.argument("names", nargs=-1, shell_complete=completing.hosts)
@inventory_option
@screen_options(("text", "json"))
def scan(names: tuple[str, ...], inventory: Path | None, screen: Screen) -> ExitCode:
    """Show the key that each host offers, and whether it is known.

    Nothing is sent and nobody logs in, but to a known bastion on the way. Compare the fingerprints with what the hosts'
    consoles say. Names are hosts, or addresses of the inventory's bastions.

    Example: kboot hosts scan w1 w2
    """
    seen = [one for tier in tiers(find_site(inventory), names) for one in _seen(tier)]
    if screen.output == "json":
        listed = [_record(one) for one in seen]
        screen.print_document(document("HostKeyList", exitCode=int(_exit_code(seen)), hosts=listed))
    else:
        for one in seen:
            click.echo(_line(one))
    return _exit_code(seen)


@hosts.command()
@click.argument("names", nargs=-1, shell_complete=completing.hosts)
@inventory_option
@screen_options(("text",), asks=True)
def trust(names: tuple[str, ...], inventory: Path | None, screen: Screen) -> ExitCode:
    """Add the keys of new hosts to known_hosts, after a look at them.

    Asks before it writes (--yes answers). Bastions come first, for the hosts behind one are seen through it. A changed
    key is never replaced: remove the old line yourself, once you know why the key is another one.

    Example: kboot hosts trust w3
    """
    site = find_site(inventory)
    seen = [one for tier in tiers(site, names) for one in _trusted(_seen(tier), screen)]
    for one in seen:
        if one.settings and one.verdict in {"changed", "revoked"}:
            click.echo(as_typed(_left_out(one.host, one.settings, one.verdict, site)), err=True)
    return _exit_code(seen)


def _trusted(seen: list[Seen], screen: Screen) -> list[Seen]:
    """Show these keys, and pin the new ones if the operator says so; how they stand then."""
    from bootstrap.transport.scan import trust as pin  # noqa: PLC0415

    for one in seen:
        click.echo(_line(one), err=True)
    fresh = [one for one in seen if one.key and one.verdict == "unknown"]
    if fresh and confirmed(screen, f"Trust {len(fresh)} new key(s)?"):
        for one in fresh:
            if one.key and one.settings:
                pin(one.settings, one.key)
                click.echo(f"{one.host}: trusted {one.key.kind} {one.key.fingerprint} in {one.settings.known_hosts}")
        return [replace(one, verdict="known") if one in fresh else one for one in seen]
    return seen


def _seen(ways: list[Way]) -> list[Seen]:
    """Every key, several hosts at a time, in this order; a bastion on the way is logged in to once."""
    from bootstrap.transport.ssh import SshContext  # noqa: PLC0415 - fabric and paramiko: half a second

    if not ways:
        return []
    context = SshContext()
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(partial(_one, context), ways))
    finally:
        context.close()


def _one(context: "SshContext", way: Way) -> Seen:
    from bootstrap.transport.host_keys import known_to  # noqa: PLC0415
    from bootstrap.transport.scan import scan as offered  # noqa: PLC0415

    if way.settings is None:
        return Seen(way.name, error=way.error)
    try:
        key = offered(way.name, way.settings, context=context)
    except KbootError as error:
        return Seen(way.name, way.settings, error=error)
    verdict = known_to(way.settings.known_hosts).judge(way.settings.known_as, key)
    return Seen(way.name, way.settings, key, verdict.value)


def _line(one: Seen) -> str:
    if one.error or one.key is None or one.settings is None:
        return f"{one.host:<20} no key: {one.error.problem if one.error else ''}"
    return f"{one.host:<20} {one.verdict:<8} {one.key.kind} {one.key.fingerprint} ({one.settings.known_as})"


def _left_out(host: str, settings: "SshSettings", verdict: str, site: Site) -> str:
    from bootstrap.transport.host_keys import once_understood  # noqa: PLC0415

    advice = once_understood(host, settings, site.trust, revoked=verdict == "revoked")
    return f"{host}: not trusted, its key is {verdict}. {advice}"


def _record(one: Seen) -> dict[str, str | None]:
    return {
        "host": one.host,
        "knownAs": one.settings.known_as if one.settings else None,
        "verdict": one.verdict or None,
        "kind": one.key.kind if one.key else None,
        "fingerprint": one.key.fingerprint if one.key else None,
        "error": one.error.problem if one.error else None,
    }


def _exit_code(seen: Iterable[Seen]) -> ExitCode:
    """0 all known; 5 a key is unknown, changed or revoked; 4 no host answered, 8 some did not."""
    all_seen = list(seen)
    silent = [one for one in all_seen if one.error]
    if any(one.verdict not in {"", "known"} for one in all_seen):
        return ExitCode.KEY_REFUSED
    if silent:
        return ExitCode.NO_HOST if len(silent) == len(all_seen) else ExitCode.PARTLY
    return ExitCode.OK
