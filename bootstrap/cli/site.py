"""What a command about a cluster starts from: the inventory that was found, and the connections to its hosts."""

import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

if TYPE_CHECKING:
    from bootstrap.model.inventory import Host, Inventory
    from bootstrap.model.text import Secret
    from bootstrap.transport.connection import Connection


@dataclass(frozen=True)
class Site:
    """An inventory, the file it stands in, and whether the command line named that file."""

    path: Path
    named: bool
    inventory: "Inventory"

    @property
    def option(self) -> str:
        """What a suggested command needs so that it reads the same inventory."""
        return f" -i {shlex.quote(str(self.path))}" if self.named else ""

    @property
    def trust(self) -> str:
        """The command that trusts a host's key; the host's name follows it."""
        return f"kboot hosts trust{self.option}"

    @property
    def state(self) -> Path:
        """kboot's own folder for this cluster: its kubeconfig and its journal."""
        return cluster_state(self.inventory.cluster.name)

    def host(self, name: str) -> "Host":
        """The host of that name; raises KB1512 with the nearest name."""
        try:
            return self.inventory.host(name)
        except KeyError:
            raise self.unknown(name) from None

    def unknown(self, name: str, beside: tuple[str, ...] = ()) -> KbootError:
        """KB1512: neither a host nor one of those `beside` has this name."""
        from bootstrap.load.error import did_you_mean  # noqa: PLC0415 - only for the mistake

        return KbootError(
            Code.HOST_UNKNOWN,
            f"the inventory has no host {name!r}",
            where=str(self.path),
            advice=did_you_mean(name, (*(host.name for host in self.inventory.hosts), *beside)),
            exit_code=ExitCode.USAGE,
        )

    def secrets(self) -> "tuple[Secret, ...]":
        """Every sudo password that this inventory names: no screen may show one."""
        from bootstrap.run.reach import sudo_passwords  # noqa: PLC0415

        return sudo_passwords(self.inventory)


def find_site(given: Path | None) -> Site:
    """Find and read the inventory; contacts nothing. Raises InvalidInput (exit 3)."""
    from bootstrap.load.find import find_inventory  # noqa: PLC0415 - pydantic and YAML cost a tenth of a second
    from bootstrap.load.inventory import load_inventory  # noqa: PLC0415

    path = find_inventory(str(given) if given else None, os.environ, Path())
    return Site(Path(path), given is not None, load_inventory(path))


def cluster_state(name: str) -> Path:
    """Where kboot keeps what it knows of a cluster: `$XDG_STATE_HOME/kboot/clusters/<name>`, the operator's alone."""
    from platformdirs import user_state_path  # noqa: PLC0415

    return user_state_path("kboot") / "clusters" / name


@contextmanager
def connections(site: Site) -> "Iterator[Mapping[str, Connection]]":
    """One connection per host and one to the operator's own machine, closed at the end.

    Those to hosts begin to open at once, while what asks and shows is still being loaded.
    """
    from bootstrap.model.target import OPERATOR  # noqa: PLC0415
    from bootstrap.run.reach import connections_to  # noqa: PLC0415
    from bootstrap.transport.host_keys import HostKeys  # noqa: PLC0415
    from bootstrap.transport.local import Local  # noqa: PLC0415
    from bootstrap.transport.ssh import Ssh, SshContext  # noqa: PLC0415 - fabric and paramiko: half a second

    context = SshContext(HostKeys(site.trust))
    made = {**connections_to(site.inventory, context.connect), OPERATOR: Local()}
    with ExitStack() as at_the_end:
        at_the_end.callback(context.close)
        for connection in made.values():
            at_the_end.callback(connection.close)
            if isinstance(connection, Ssh):
                connection.begin()
        try:
            yield made
        except BaseException:
            # Left by an error or Ctrl-C: `close` would wait for logins under way, and for scripts that run on hosts.
            at_the_end.pop_all()
            context.abort()
            raise
