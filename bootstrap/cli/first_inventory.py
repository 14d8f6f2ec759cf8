"""What `kboot inventory init` asks hosts that no inventory names yet, in one round trip each."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
from pydantic import ValidationError

from bootstrap.cli.confirming import confirmed
from bootstrap.cli.options import Screen
from bootstrap.facts.network import INTERFACES
from bootstrap.facts.system import HOSTNAME, SYSTEM
from bootstrap.load.error import InputError, InvalidInput
from bootstrap.load.rules.files import bundle_present, ssh_files_usable
from bootstrap.load.rules.ssh import LOGIN_NAME, bastions_parse
from bootstrap.load.starter import Said, starter
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.inventory import Cluster, Host, Inventory, Ssh
from bootstrap.run import asking
from bootstrap.run.reach import ssh_settings
from bootstrap.transport.host_keys import HostKeys, known_to
from bootstrap.transport.scan import scan, trust
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh import SshContext
from bootstrap.transport.ssh_config import Place, place

R = TypeVar("R")
AGAIN = "kboot inventory init"
_FACTS = (HOSTNAME, SYSTEM, INTERFACES)
_AT_ONCE = 32
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class _Reached:
    """A host as it was typed, what its entry will say of ssh, and all that opening a connection needs."""

    typed: str
    address: str
    ssh: Ssh
    settings: SshSettings


def ssh_fields(*, key: Path | None, known_hosts: Path | None, bastion: str | None, netns: str | None) -> Ssh:
    """The `ssh` of the new inventory, paths absolute: the file may be moved."""
    absolute = (str(path.expanduser().absolute()) if path else None for path in (key, known_hosts))
    return Ssh(**dict(zip(("key", "known_hosts"), absolute, strict=True)), bastion=bastion, netns=netns or None)


def first_inventory(typed: Sequence[str], cluster: str, ssh: Ssh, bundle: str | None, screen: Screen) -> str:
    """The text of an inventory of these hosts.

    Raises click.BadParameter for a word that names no host, InvalidInput for files and words that no inventory may
    name, KB1517 when a new key has to be trusted and nobody answers, and what logging in raises.
    """
    hosts = _reached(tuple(dict.fromkeys(typed)), cluster, ssh, bundle)
    _trust_new(hosts, screen)
    context = SshContext(HostKeys(AGAIN))
    try:
        said = _in_parallel(partial(_asked, context), hosts)
    finally:
        context.close()
    return starter(said, cluster, ssh, bundle)


def _reached(typed: Sequence[str], cluster: str, ssh: Ssh, bundle: str | None) -> tuple[_Reached, ...]:
    places = [_place(one) for one in typed]
    _apart(typed, places)
    try:
        wanted = Cluster(name=cluster, bundle=bundle)
    except ValidationError:
        raise click.BadParameter("1 to 63 of a-z, 0-9 and -, no - at either end", param_hint="--name") from None
    hosts = tuple(
        Host(name=f"h{number}", address=one.host, ssh=Ssh(user=one.user, port=one.port))
        for number, one in enumerate(places)
    )
    inventory = Inventory(api_version="kboot/v1", cluster=wanted, ssh=ssh, hosts=hosts)
    findings = [finding for rule in (ssh_files_usable, bastions_parse, bundle_present) for finding in rule(inventory)]
    if findings:
        raise InvalidInput(*(InputError(AGAIN, None, one.code, one.rule, one.hint) for one in findings))
    return tuple(
        _Reached(word, host.address, host.ssh, ssh_settings(inventory, host))
        for word, host in zip(typed, hosts, strict=True)
    )


def _apart(typed: Sequence[str], places: Sequence[Place]) -> None:
    """Raises click.BadParameter where two words name one machine: it would be two nodes."""
    first: dict[tuple[str, int], str] = {}
    for word, one in zip(typed, places, strict=True):
        other = first.setdefault((one.host.lower().rstrip("."), one.port or 22), word)
        if other != word:
            raise click.BadParameter(f"{other!r} and {word!r} are one host: name it once")


def _place(typed: str) -> Place:
    wanted = f"{typed!r} is not [user@]host[:port], host an IPv4 address or a DNS name"
    try:
        found = place(typed)
    except ValueError:
        raise click.BadParameter(wanted) from None
    parts = (found.host, r"\w[\w.-]*"), (found.user or "root", LOGIN_NAME)
    usable = found.port is None or 1 <= found.port <= 65535
    if not usable or not all(re.fullmatch(form, part) for part, form in parts):
        raise click.BadParameter(wanted)
    return found


def _trust_new(hosts: Sequence[_Reached], screen: Screen) -> None:
    """Show the keys of hosts of which none is known, and pin them once somebody said so, as `kboot hosts trust`."""
    new = [one for one in hosts if not known_to(one.settings.known_hosts).kinds(one.settings.known_as)]
    keys = _in_parallel(lambda one: scan(one.typed, one.settings), new)
    for one, key in zip(new, keys, strict=True):
        click.echo(f"{one.typed:<20} unknown  {key.kind} {key.fingerprint}", err=True)
    if not new:
        return
    if not confirmed(screen, f"Trust {len(new)} new key(s)?"):
        raise click.Abort
    for one, key in zip(new, keys, strict=True):
        trust(one.settings, key)


def _asked(context: SshContext, host: _Reached) -> Said:
    """Without root: names, addresses and release are no secret. Scratch is on tmpfs."""
    script = f"[ -w /dev/shm ] && export TMPDIR=/dev/shm\n{asking.opening(operator=True)}{asking.asking(_FACTS)}"
    done = context.connect(host.typed, host.settings).run(script, timeout_s=_TIMEOUT_S, root=False)
    name, system, interfaces = asking.read(_FACTS, done.stdout).answers
    if not (isinstance(name, Known) and isinstance(system, Known) and isinstance(interfaces, Known)):
        why = next(one.why for one in (name, system, interfaces) if not isinstance(one, Known))
        raise KbootError(Code.HOST_SAID_NOTHING, f"does not say what it is: {why}", where=host.typed)
    found = tuple((link.name, address) for link in interfaces.value for address in link.addresses)
    return Said(host.address, host.ssh, name.value, system.value.pretty_name, found)


def _in_parallel(of: Callable[[_Reached], R], hosts: Sequence[_Reached]) -> list[R]:
    """`of` every host, several at a time. Raises one error that tells of all hosts which failed."""

    def one(host: _Reached) -> R | KbootError:
        try:
            return of(host)
        except KbootError as error:
            return error

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        done = list(pool.map(one, hosts))
    if errors := [(host, end) for host, end in zip(hosts, done, strict=True) if isinstance(end, KbootError)]:
        raise _together(errors)
    return [end for end in done if not isinstance(end, KbootError)]


def _together(errors: Sequence[tuple[_Reached, KbootError]]) -> KbootError:
    """The first one, with the others as evidence."""
    (host, first), *others = errors
    more = [f"{one.typed}: {error.problem}" for one, error in others]
    return KbootError(
        first.code,
        first.problem,
        where=host.typed,
        evidence="\n".join([first.evidence, *more]).strip(),
        advice=first.advice or "leave the host out, or try again; nothing was written",
        exit_code=first.exit_code,
    )
