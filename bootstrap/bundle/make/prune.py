"""What in kboot's cache no wanted Kubernetes version or release needs: parts of other recipes, bundles of others.

And what a build or prune that was killed left (whoever holds the build lock may take it for that), and environments
that kboot is no longer started in.
"""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from bootstrap.bundle.bundle import Bundle
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.part import keys_of
from bootstrap.bundle.make.recipe import all_parts, surroundings
from bootstrap.bundle.make.store import Store
from bootstrap.bundle.verify import extra
from bootstrap.model.error import KbootError
from bootstrap.model.unwanted import Unwanted

_LEFT = ("build/.draft-*", "bundle/.*.kboot-draft-*", "*/.draft-gone-*")
_UNUSED_DAYS = 30


def unwanted(order: Order, home: Path) -> tuple[Unwanted, ...]:
    """All of the cache at `home` that this order does not need. Only under the build lock.

    A bundle stays when all that it holds is wanted, or when it is for another architecture, which this machine could
    not build again. A folder that is no bundle, or a bundle with files of somebody's in it, is not kboot's to remove;
    nor is a link.
    """
    made = (*_parts(order, Store(home / "build")), *_bundles(order, home / "bundle"))
    found = (*_left(home), *made, *_environments(home / "environment"))
    return tuple(one for one in found if not one.path.is_symlink())


def remove(found: tuple[Unwanted, ...]) -> None:
    """Take these folders away, each out of sight first: a part or a bundle is there whole or not at all."""
    for one in found:
        gone = one.path
        if gone.name[0] != ".":
            gone = one.path.rename(one.path.with_name(f".draft-gone-{one.path.name}"))
        shutil.rmtree(gone)


def _left(home: Path) -> Iterator[Unwanted]:
    """First of all, for `remove` needs their names."""
    for path in dict.fromkeys(path for pattern in _LEFT for path in sorted(home.glob(pattern))):
        yield Unwanted.of(path, "left by a build or prune that was killed")


def _parts(order: Order, store: Store) -> Iterator[Unwanted]:
    lists = (all_parts(order, versions) for versions in order.versions)
    keys = (keys_of(parts, surroundings(order)) for parts in lists)
    wanted = {store.path(name, key) for one in keys for name, key in one.items()}
    for path in store.parts():
        if path not in wanted:
            yield Unwanted.of(path, "a part that no wanted version or release is made from")


def _bundles(order: Order, folder: Path) -> Iterator[Unwanted]:
    for path in sorted(folder.glob("[!.]*")):
        try:
            bundle = Bundle.read(path)
        except KbootError:
            continue
        if bundle.lock.architecture == order.architecture and not extra(bundle) and (why := _surplus(order, bundle)):
            yield Unwanted.of(path, why)


def _environments(folder: Path) -> Iterator[Unwanted]:
    """Every start opens the lock beside its environment (bootstrap/environment.py), whose time is the last start's."""
    for lock in sorted(folder.glob("*.lock")):
        unused_s = time.time() - lock.stat().st_mtime
        if (path := lock.with_suffix("")).is_dir() and unused_s > _UNUSED_DAYS * 24 * 3600:
            yield Unwanted.of(path, f"a Python environment in which no kboot was started for {_UNUSED_DAYS} days")


def _surplus(order: Order, bundle: Bundle) -> str:
    versions = set(bundle.lock.versions) - {versions.kubernetes for versions in order.versions}
    releases = set(bundle.lock.releases) - {release.codename for release in order.releases}
    if versions:
        return f"a bundle that holds Kubernetes {', '.join(sorted(versions))}"
    return f"a bundle that holds packages of {', '.join(sorted(releases))}" if releases else ""
