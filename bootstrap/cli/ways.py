"""Whose keys a run meets: the bastions on the way, then the hosts behind them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bootstrap.cli.site import Site
from bootstrap.model.error import KbootError

if TYPE_CHECKING:
    from bootstrap.model.inventory import Host, Inventory
    from bootstrap.transport.settings import SshSettings

_LOOKUPS_AT_ONCE = 8


@dataclass(frozen=True)
class Way:
    """A name that the commands take, and how it is reached; `error` when ~/.ssh/config cannot be used for it."""

    name: str
    settings: "SshSettings | None" = None
    error: KbootError | None = None

    @property
    def bastions(self) -> "tuple[SshSettings, ...]":
        """Those before it, in the order in which they are entered."""
        return self.settings.bastions if self.settings else ()


def tiers(site: Site, names: Sequence[str]) -> list[list[Way]]:
    """The bastions that nothing is before, those behind them, ..., at last the hosts, in the inventory's order.

    A name is a host's or the address of a bastion; with either come the bastions before it. No name: all. Contacts
    nobody. Raises KB1512.
    """
    with ThreadPoolExecutor(_LOOKUPS_AT_ONCE) as pool:
        hosts = list(pool.map(partial(_way, site.inventory), site.inventory.hosts))
    bastions = {one.address: Way(one.address, one) for host in hosts for one in host.bastions}
    known = bastions | {host.name: host for host in hosts}
    for name in names:
        if name not in known:
            raise site.unknown(name, tuple(bastions))
    wanted = [known[name] for name in names] or hosts
    before = {one.address: bastions[one.address] for way in wanted for one in way.bastions}
    before |= {way.name: way for way in wanted if way.name in bastions and way not in hosts}
    depths = sorted({len(way.bastions) for way in before.values()})
    found = [[way for way in before.values() if len(way.bastions) == depth] for depth in depths]
    return [*found, [host for host in hosts if host in wanted]]


def _way(inventory: "Inventory", host: "Host") -> Way:
    from bootstrap.run.reach import ssh_settings  # noqa: PLC0415

    try:
        return Way(host.name, ssh_settings(inventory, host))
    except KbootError as error:
        return Way(host.name, error=error)
