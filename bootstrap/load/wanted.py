"""Inventory + the bundle's lock + addons -> Wanted: everything that is known before the first host is contacted."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bootstrap.load.addon import build_addon, load_addon_file
from bootstrap.load.error import InvalidInput, did_you_mean
from bootstrap.load.released import Fetch
from bootstrap.load.shipped import shipped_addons
from bootstrap.load.source import read_bytes
from bootstrap.load.yaml_text import Document
from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory
from bootstrap.model.lock import Lock
from bootstrap.model.target import Addon, RunValues, Wanted

# A manifest beside addon.yaml: for addons of one's own, and for connected machines without a bundle.
MANIFEST = "manifest.yaml"
MOST_BYTES = 20_000_000


def wanted(
    inventory: Inventory,
    run: RunValues,
    lock: Lock | None = None,
    open_blob: Callable[[str], Path] | None = None,
    fetch: Fetch | None = None,
) -> Wanted:
    """What this run wants. `lock` and `open_blob` (sha256 -> verified file) are the bundle's, None without one.

    `fetch` then brings an addon's manifest, None where nothing may be fetched.

    Raises InvalidInput for an addon that cannot be had, KbootError when a manifest cannot be fetched.
    """
    read = read_addons(inventory.cluster.addons)
    place = _Place(lock, open_blob, fetch)
    addons = tuple(_addon(document, file, inventory, place) for document, file in read)
    return Wanted(inventory, run, lock, addons)


def read_addons(words: tuple[str, ...]) -> tuple[tuple[Document, AddonFile], ...]:
    """Every addon.yaml. An addon that no step applies, or a second one of a name, would silently do nothing."""
    found: dict[str, tuple[Document, AddonFile]] = {}
    for word in words:
        document, file = load_addon_file(word)
        if file.name not in shipped_addons():
            rule = f'no step applies an addon named "{file.name}": a folder of your own stands for one that kboot ships'
            hint = did_you_mean(file.name, shipped_addons())
            raise InvalidInput(document.error(("name",), Code.ADDON_UNKNOWN, rule, hint))
        if file.name in found:
            rule = f'{found[file.name][0].file} is the addon "{file.name}" already'
            hint = "keep one of the two in the inventory's cluster.addons"
            raise InvalidInput(document.error(("name",), Code.ADDON_UNKNOWN, rule, hint))
        found[file.name] = document, file
    return tuple(found.values())


def check_addons(inventory: Inventory) -> None:
    """That every addon.yaml can be read, and fits the manifest where that lies beside it. Raises InvalidInput."""
    for document, file in read_addons(inventory.cluster.addons):
        if os.path.lexists(Path(document.file).parent / MANIFEST):
            _addon(document, file, inventory, _Place(None, None, None))


@dataclass(frozen=True)
class _Place:
    """Where manifests and images come from: the bundle, or the network."""

    lock: Lock | None
    open_blob: Callable[[str], Path] | None
    fetch: Fetch | None


def _addon(document: Document, file: AddonFile, inventory: Inventory, place: _Place) -> Addon:
    manifest, lock = _manifest(document, file, place), place.lock
    stand_ins = {image: lock.provided(image) for image in file.images if lock and _in_bundle(document, image, lock)}
    return build_addon(document, file, manifest, inventory.cluster.pod_cidr, stand_ins)


def _manifest(document: Document, file: AddonFile, place: _Place) -> str:
    """Upstream's text with the digest that addon.yaml names: from the bundle, from beside addon.yaml, or fetched."""
    digest, lock = file.upstream.sha256, place.lock
    if lock and place.open_blob and any(locked.sha256 == digest for locked in lock.files):
        return place.open_blob(digest).read_text()
    beside = Path(document.file).parent / MANIFEST
    if not os.path.lexists(beside):
        if lock is None and place.fetch:
            return place.fetch(file)
        rule = f"the manifest of {file.name} {file.version} is not here"
        where = "the bundle has none of this digest: build it again" if lock else "name a bundle in the inventory"
        hint = f"{where}, or run: curl -fLo {beside} {file.upstream.url}"
        raise InvalidInput(document.error(("upstream",), Code.ADDON_MANIFEST, rule, hint))
    content = read_bytes(str(beside), MOST_BYTES)
    if (found := sha256(content).hexdigest()) != digest:
        rule = f"{beside} is not the manifest that upstream.sha256 names"
        hint = f"if it is the one that you mean: sha256: {found}; else fetch it: curl -fLo {beside} {file.upstream.url}"
        raise InvalidInput(document.error(("upstream", "sha256"), Code.ADDON_MANIFEST, rule, hint))
    try:
        return content.decode()
    except UnicodeDecodeError:
        rule = f"{beside} is not UTF-8"
        raise InvalidInput(document.error(("upstream",), Code.ADDON_MANIFEST, rule, "save it as UTF-8")) from None


def _in_bundle(document: Document, image: str, lock: Lock) -> bool:
    try:
        lock.image(image)
    except KeyError:
        rule = f"the bundle has no image {image}"
        hint = "build a bundle with this addon: kboot bundle build"
        raise InvalidInput(document.error(("images",), Code.ADDON_MANIFEST, rule, hint)) from None
    return True
