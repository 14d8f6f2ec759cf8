"""Everything that a run needs to know, read and checked before the first host is contacted."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.cli.asked import Asked
from bootstrap.cli.selecting import selection
from bootstrap.cli.site import Site, connections, find_site

if TYPE_CHECKING:
    from bootstrap.model.playbook import Playbook
    from bootstrap.model.target import RunValues, Wanted
    from bootstrap.run import Selection
    from bootstrap.transport.connection import Connection

OpenBlob = Callable[[str], Path]


@dataclass(frozen=True)
class Prepared:
    """What is wanted, where it comes from, and which part of it this run walks."""

    site: Site
    playbook: "Playbook"
    wanted: "Wanted"
    selection: "Selection"
    open_blob: OpenBlob
    before_first_change: Callable[[], None] = lambda: None

    @property
    def cluster(self) -> str:
        """The cluster's name."""
        return self.site.inventory.cluster.name


@dataclass(frozen=True)
class _Supplied:
    """What is wanted of the whole cluster, and where its bytes come from."""

    wanted: "Wanted"
    open_blob: OpenBlob
    before_first_change: Callable[[], None] = lambda: None


def prepare(asked: Asked) -> Prepared:
    """Read and check all input. Raises InvalidInput (exit 3) or a usage error (exit 2); contacts no host.

    Without a bundle the first run ever reads the addons' manifests from where they are published.
    """
    return _prepared(asked, find_site(asked.inventory))


@contextmanager
def prepared_hosts(asked: Asked) -> "Iterator[tuple[Prepared, Mapping[str, Connection]]]":
    """The same, and the connections to its hosts, which begin to open once nothing that was typed can be wrong.

    Of a whole playbook of kboot's own that is before its steps are loaded: hosts log us in meanwhile.
    """
    site = find_site(asked.inventory)
    if asked.is_whole:
        supplied = _supplied(site)
        with connections(site) as hosts:
            yield _joined(site, _part(asked, site), supplied), hosts
    else:
        prepared = _prepared(asked, site)
        with connections(site) as hosts:
            yield prepared, hosts


def _prepared(asked: Asked, site: Site) -> Prepared:
    # A slip of the keyboard is told before a bundle is read or a manifest fetched.
    part = _part(asked, site)
    return _joined(site, part, _supplied(site))


def _part(asked: Asked, site: Site) -> "tuple[Playbook, Selection]":
    from bootstrap.load.playbook import load_playbook  # noqa: PLC0415 - steps take a while to import

    playbook = load_playbook(asked.playbook)
    if asked.typed:  # a command that walks a part of another's playbook: what is told of its run has its own words
        playbook = replace(playbook, name=asked.typed)
    return playbook, selection(site, playbook, asked.limit, asked.only, asked.skip)


def _joined(site: Site, part: "tuple[Playbook, Selection]", supplied: _Supplied) -> Prepared:
    from bootstrap.load.places import host_places  # noqa: PLC0415

    playbook, chosen = part
    limited = replace(supplied.wanted, limit=chosen.limit, places=host_places(site.path, site.inventory))
    return Prepared(site, playbook, limited, chosen, supplied.open_blob, supplied.before_first_change)


def _supplied(site: Site) -> _Supplied:
    from bootstrap.load.wanted import wanted  # noqa: PLC0415

    run = _run_values(site)
    folder = site.inventory.cluster.bundle
    if folder is None:
        from bootstrap.load.released import fetching  # noqa: PLC0415

        fetch = fetching(site.inventory.cluster.mirrors.manifests)
        return _Supplied(wanted(site.inventory, run, fetch=fetch), _no_bundle)
    from bootstrap.bundle.bundle import Bundle  # noqa: PLC0415
    from bootstrap.bundle.verify import require_whole  # noqa: PLC0415
    from bootstrap.load.bundled import bundled_version  # noqa: PLC0415

    bundle = Bundle.open(Path(folder), site.inventory.cluster.bundle_key)
    lock = bundled_version(site.inventory, site.path, bundle.lock)
    whole = wanted(site.inventory, run, lock, bundle.open_blob)
    return _Supplied(whole, bundle.open_blob, partial(require_whole, bundle))


def _no_bundle(sha256: str) -> Path:
    raise LookupError(f"a step wants to send {sha256}, but the inventory names no bundle")


def _run_values(site: Site) -> "RunValues":
    from bootstrap.model.target import RunValues  # noqa: PLC0415
    from bootstrap.run import new_token_id  # noqa: PLC0415

    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    return RunValues(run_id, new_token_id(), started, str(site.state / "kubeconfig"))
