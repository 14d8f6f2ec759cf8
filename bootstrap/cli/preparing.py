"""Everything that a run needs to know, read and checked before the first host is contacted."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.cli.asked import Asked
from bootstrap.cli.selecting import selection
from bootstrap.cli.site import Site, find_site

if TYPE_CHECKING:
    from bootstrap.model.playbook import Playbook
    from bootstrap.model.target import RunValues, Wanted
    from bootstrap.run import Selection

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


def prepare(asked: Asked) -> Prepared:
    """Read and check all input. Raises InvalidInput (exit 3) or a usage error (exit 2); contacts no host.

    Without a bundle the first run ever reads the addons' manifests from where they are published.
    """
    site = find_site(asked.inventory)
    # After the inventory: steps and runner take a while to import, and a mistake in the file should be told at once.
    from bootstrap.load.playbook import load_playbook  # noqa: PLC0415
    from bootstrap.load.wanted import wanted  # noqa: PLC0415

    playbook = load_playbook(asked.playbook)
    if asked.typed:  # a command that walks a part of another's playbook: what is told of its run has its own words
        playbook = replace(playbook, name=asked.typed)
    chosen = selection(site, playbook, asked.limit, asked.only, asked.skip)
    run = _run_values(site)
    folder = site.inventory.cluster.bundle
    if folder is None:
        from bootstrap.load.released import fetching  # noqa: PLC0415

        fetch = fetching(site.inventory.cluster.mirrors.manifests)
        limited = replace(wanted(site.inventory, run, fetch=fetch), limit=chosen.limit)
        return Prepared(site, playbook, limited, chosen, _no_bundle)
    from bootstrap.bundle.bundle import Bundle  # noqa: PLC0415
    from bootstrap.bundle.verify import require_whole  # noqa: PLC0415
    from bootstrap.load.bundled import bundled_version  # noqa: PLC0415

    bundle = Bundle.open(Path(folder), site.inventory.cluster.bundle_key)
    lock = bundled_version(site.inventory, site.path, bundle.lock)
    limited = replace(wanted(site.inventory, run, lock, bundle.open_blob), limit=chosen.limit)
    return Prepared(site, playbook, limited, chosen, bundle.open_blob, partial(require_whole, bundle))


def _no_bundle(sha256: str) -> Path:
    raise LookupError(f"a step wants to send {sha256}, but the inventory names no bundle")


def _run_values(site: Site) -> "RunValues":
    from bootstrap.model.target import RunValues  # noqa: PLC0415
    from bootstrap.run import new_token_id  # noqa: PLC0415

    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    return RunValues(run_id, new_token_id(), started, str(site.state / "kubeconfig"))
