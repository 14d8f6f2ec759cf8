"""Puts made parts together: the folder that a bundle is, its signed repositories, and its lock."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, TypeVar

from bootstrap.bundle.bundle import LOCK_NAME
from bootstrap.bundle.make.deb import Package
from bootstrap.bundle.make.debfile import licence_of, read_deb
from bootstrap.bundle.make.images import ARCHIVE_NAME, Image, images
from bootstrap.bundle.make.manifests import manifest_name, manifest_source
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.packages import packages_to_install
from bootstrap.bundle.make.recipe import (
    DIGESTS_NAME,
    TO_INSTALL,
    host_packages_of,
    packages_of,
    part_of,
    recipe_digest,
)
from bootstrap.bundle.make.relations import drawn_in
from bootstrap.bundle.make.repository import index_repository
from bootstrap.bundle.make.signing import SigningKey
from bootstrap.model.digest import file_sha256
from bootstrap.model.inventory import Role
from bootstrap.model.lock import BundleLock, LockedFile, RoleNeeds
from bootstrap.model.tables.systems import Release
from bootstrap.model.tables.versions import Versions

ARMOURED_KEY = "kboot-archive-keyring.asc"
BINARY_KEY = "kboot-archive-keyring.gpg"
_ROLES: tuple[Role, ...] = ("control-plane", "worker")
_NOTES = (
    "cri-tools is not among the packages: the Go module proxy does not serve it. kubeadm does not depend on it since "
    "1.32; crictl is the only thing missed.",
    "kubelet.service and 10-kubeadm.conf are kboot's own text of upstream's paths and meaning.",
)
# Kubernetes version -> part -> its folder.
Made: TypeAlias = Mapping[str, Mapping[str, Path]]
Thing = TypeVar("Thing")


def assemble(order: Order, made: Made, key: SigningKey, draft: Path) -> BundleLock:
    """Fill the empty folder `draft` with a whole bundle, bundle.yaml last; its lock."""
    placed: dict[Path, Path] = {}
    files = (
        *(file for release in order.releases for file in _packages(order, release, made, draft, placed)),
        *(file for release in order.releases for file in _indexes(order, release, key, draft)),
        *_keys(key, draft),
        *_images(order, made, draft),
        *_manifests(order, made, draft),
    )
    drawn = _drawn_in(order, draft)
    lock = BundleLock(
        architecture=order.architecture,
        releases=tuple(release.codename for release in order.releases),
        built=datetime.now(UTC).date(),
        recipe=recipe_digest(order),
        apt_key_fingerprint=key.fingerprint,
        notes=_NOTES,
        versions={one.kubernetes: {role: _needs(role, one, drawn) for role in _ROLES} for one in order.versions},
        files=files,
    )
    (draft / LOCK_NAME).write_text(lock.to_yaml())
    return lock


def _packages(
    order: Order, release: Release, made: Made, draft: Path, placed: dict[Path, Path]
) -> Iterator[LockedFile]:
    folder = draft / "apt" / release.codename
    folder.mkdir(parents=True)

    def ours(versions: Versions) -> Iterator[tuple[Package | None, Path]]:
        parts = made[versions.kubernetes]
        mine = (package for built_for, package in packages_of(order, versions) if built_for == release)
        return ((package, deb) for package in mine for deb in parts[part_of(package, release)].glob("*.deb"))

    debian = sorted(made[order.versions[0].kubernetes][host_packages_of(release)].glob("*.deb"))
    own = _by_version(order, ours, lambda found: found[1].name)
    theirs: Iterable[tuple[tuple[Package | None, Path], tuple[str, ...]]] = (((None, deb), ()) for deb in debian)
    for (package, source), versions in (*own, *theirs):
        deb = read_deb(_once(source, folder / source.name, placed))
        yield _locked(
            draft,
            deb.path,
            kind="package",
            name=deb.name,
            version=deb.version,
            architecture=deb.architecture,
            source=package.source if package else f"{release.id} {release.codename} {deb.name} {deb.version}",
            licence=package.licence if package else licence_of(deb.path),
            release=release.codename,
            kubernetes=versions,
        )


def _by_version(
    order: Order, things: Callable[[Versions], Iterable[Thing]], name: Callable[[Thing], str]
) -> Iterator[tuple[Thing, tuple[str, ...]]]:
    """Each thing once, by its name, with the Kubernetes versions that need it: none where all do.

    What two versions would name the same is taken as the first one makes it.
    """
    found: dict[str, Thing] = {}
    needed: dict[str, list[str]] = {}
    for versions in order.versions:
        for thing in things(versions):
            found.setdefault(name(thing), thing)
            needed.setdefault(name(thing), []).append(versions.kubernetes)
    for known, thing in found.items():
        yield thing, () if len(needed[known]) == len(order.versions) else tuple(needed[known])


def _indexes(order: Order, release: Release, key: SigningKey, draft: Path) -> Iterator[LockedFile]:
    codename = release.codename
    for path in index_repository(draft / "apt" / codename, codename, order.architecture, key):
        yield _locked(
            draft,
            path,
            kind="apt-index",
            name=path.name,
            version=", ".join(versions.kubernetes for versions in order.versions),
            architecture=order.architecture,
            source="made by this build",
            licence="Apache-2.0",
            release=codename,
        )


def _keys(key: SigningKey, draft: Path) -> Iterator[LockedFile]:
    paths = draft / "apt" / ARMOURED_KEY, draft / "apt" / BINARY_KEY
    key.export(*paths)
    for path in paths:
        path.chmod(0o644)
        yield _locked(
            draft,
            path,
            kind="key",
            name=path.name,
            version=key.fingerprint,
            architecture="all",
            source="made by this machine",
            licence="Apache-2.0",
        )


def _images(order: Order, made: Made, draft: Path) -> Iterator[LockedFile]:
    (draft / "images").mkdir()
    wanted = {one.kubernetes: images(one) for one in order.versions}
    for image, versions in _by_version(order, lambda one: wanted[one.kubernetes], lambda image: image.reference):
        same = [one for pictures in wanted.values() for one in pictures if one.reference == image.reference]
        folder = made[next(name for name, pictures in wanted.items() if image in pictures)][f"image-{image.name}"]
        path = _copied(folder / ARCHIVE_NAME, draft / "images" / f"{image.name}-{image.tag}.tar")
        yield _locked(
            draft,
            path,
            kind="image",
            name=image.name,
            version=image.version,
            architecture=order.architecture,
            source=image.source,
            licence=image.licence,
            kubernetes=versions,
            note="; ".join(dict.fromkeys(one.note for one in same if one.note)) or None,
            reference=image.reference,
            stands_in_for=tuple(dict.fromkeys(one.stands_in_for for one in same if one.stands_in_for)),
            **json.loads((folder / DIGESTS_NAME).read_text()),
        )


def _manifests(order: Order, made: Made, draft: Path) -> Iterator[LockedFile]:
    (draft / "manifests").mkdir()
    parts = made[order.versions[0].kubernetes]
    for addon in order.addons:
        name = manifest_name(addon)
        yield _locked(
            draft,
            _copied(parts[f"manifest-{addon.name}"] / name, draft / "manifests" / name),
            kind="manifest",
            name=addon.name,
            version=addon.version,
            architecture="all",
            source=manifest_source(addon),
            licence=addon.licence,
        )


def _drawn_in(order: Order, draft: Path) -> tuple[str, ...]:
    """Names that an installation may draw in, on a host of any of the releases."""
    install = (*packages_to_install(), *TO_INSTALL)
    folders = (draft / "apt" / release.codename for release in order.releases)
    return tuple(sorted({name for one in folders for name in drawn_in(install, map(read_deb, one.glob("*.deb")))}))


def _needs(role: Role, versions: Versions, drawn: tuple[str, ...]) -> RoleNeeds:
    return RoleNeeds(
        install=(*packages_to_install(), *TO_INSTALL),
        packages=drawn,
        images=tuple(image.reference for image in _of_role(role, images(versions))),
    )


def _of_role(role: Role, pictures: tuple[Image, ...]) -> tuple[Image, ...]:
    return tuple(image for image in pictures if role in image.roles)


def _locked(draft: Path, path: Path, **told: object) -> LockedFile:
    measured = {"path": str(path.relative_to(draft)), "sha256": file_sha256(path), "size_bytes": path.stat().st_size}
    return LockedFile.model_validate({**told, **measured})


def _once(source: Path, target: Path, placed: dict[Path, Path]) -> Path:
    """A copy; of what two releases share, one with two names. `placed` remembers: source -> its first copy."""
    if source in placed:
        target.hardlink_to(placed[source])
    else:
        placed[source] = _copied(source, target)
    return target


def _copied(source: Path, target: Path) -> Path:
    """A copy, not a hard link: a bundle that is altered later must not reach into the cache of parts."""
    shutil.copyfile(source, target)
    return target
