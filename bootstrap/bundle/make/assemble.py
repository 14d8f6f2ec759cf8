"""Puts made parts together: the folder that a bundle is, its signed repository, and its lock."""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bootstrap.bundle.bundle import LOCK_NAME
from bootstrap.bundle.make.debfile import licence_of, read_deb
from bootstrap.bundle.make.images import ARCHIVE_NAME, Image, images
from bootstrap.bundle.make.manifests import manifest_name, manifest_source
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.packages import packages_to_install
from bootstrap.bundle.make.recipe import DEBIAN, DIGESTS_NAME, TO_INSTALL, packages_of, recipe_digest
from bootstrap.bundle.make.relations import drawn_in
from bootstrap.bundle.make.repository import index_repository
from bootstrap.bundle.make.signing import SigningKey
from bootstrap.model.digest import file_sha256
from bootstrap.model.inventory import Role
from bootstrap.model.lock import Lock, LockedFile, RoleNeeds

ARMOURED_KEY = "kboot-archive-keyring.asc"
BINARY_KEY = "kboot-archive-keyring.gpg"
_ROLES: tuple[Role, ...] = ("control-plane", "worker")
_NOTES = (
    "cri-tools is not among the packages: the Go module proxy does not serve it. kubeadm does not depend on it since "
    "1.32; crictl is the only thing missed.",
    "kubelet.service and 10-kubeadm.conf are kboot's own text of upstream's paths and meaning.",
)


def assemble(order: Order, made: Mapping[str, Path], key: SigningKey, draft: Path) -> Lock:
    """Fill the empty folder `draft` with a whole bundle, bundle.yaml last; its lock."""
    files = (
        *_packages(order, made, draft),
        *_indexes(order, key, draft),
        *_keys(key, draft),
        *_images(order, made, draft),
        *_manifests(order, made, draft),
    )
    lock = Lock(
        kubernetes=order.versions.kubernetes,
        architecture=order.architecture,
        releases=(order.release.codename,),
        built=datetime.now(UTC).date(),
        recipe=recipe_digest(order),
        apt_key_fingerprint=key.fingerprint,
        notes=_NOTES,
        roles={role: _needs(role, order, draft) for role in _ROLES},
        files=files,
    )
    (draft / LOCK_NAME).write_text(lock.to_yaml())
    return lock


def _packages(order: Order, made: Mapping[str, Path], draft: Path) -> Iterator[LockedFile]:
    folder = draft / "apt" / order.release.codename
    folder.mkdir(parents=True)
    own = {package.name: package for package in packages_of(order)}
    sources = [deb for name in own for deb in made[f"package-{name}"].glob("*.deb")]
    for source in (*sources, *sorted((made[DEBIAN] / "hosts").glob("*.deb"))):
        path = _copied(source, folder / source.name)
        deb = read_deb(path)
        ours = own.get(deb.name)
        yield _locked(
            draft,
            path,
            kind="package",
            name=deb.name,
            version=deb.version,
            architecture=deb.architecture,
            source=ours.source if ours else f"{order.release.id} {order.release.codename} {deb.name} {deb.version}",
            licence=ours.licence if ours else licence_of(path),
            release=order.release.codename,
        )


def _indexes(order: Order, key: SigningKey, draft: Path) -> Iterator[LockedFile]:
    codename = order.release.codename
    for path in index_repository(draft / "apt" / codename, codename, order.architecture, key):
        yield _locked(
            draft,
            path,
            kind="apt-index",
            name=path.name,
            version=order.versions.kubernetes,
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


def _images(order: Order, made: Mapping[str, Path], draft: Path) -> Iterator[LockedFile]:
    (draft / "images").mkdir()
    for image in images(order.versions):
        folder = made[f"image-{image.name}"]
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
            note=image.note,
            reference=image.reference,
            stands_in_for=image.stands_in_for,
            **json.loads((folder / DIGESTS_NAME).read_text()),
        )


def _manifests(order: Order, made: Mapping[str, Path], draft: Path) -> Iterator[LockedFile]:
    (draft / "manifests").mkdir()
    for addon in order.addons:
        name = manifest_name(addon)
        yield _locked(
            draft,
            _copied(made[f"manifest-{addon.name}"] / name, draft / "manifests" / name),
            kind="manifest",
            name=addon.name,
            version=addon.version,
            architecture="all",
            source=manifest_source(addon),
            licence=addon.licence,
        )


def _needs(role: Role, order: Order, draft: Path) -> RoleNeeds:
    install = (*packages_to_install(), *TO_INSTALL)
    debs = map(read_deb, (draft / "apt" / order.release.codename).glob("*.deb"))
    return RoleNeeds(
        install=install,
        packages=tuple(sorted(drawn_in(install, debs))),
        images=tuple(image.reference for image in _of_role(role, images(order.versions))),
    )


def _of_role(role: Role, pictures: tuple[Image, ...]) -> tuple[Image, ...]:
    return tuple(image for image in pictures if role in image.roles)


def _locked(draft: Path, path: Path, **told: object) -> LockedFile:
    measured = {"path": str(path.relative_to(draft)), "sha256": file_sha256(path), "size_bytes": path.stat().st_size}
    return LockedFile.model_validate({**told, **measured})


def _copied(source: Path, target: Path) -> Path:
    """A copy, not a hard link: a bundle that is altered later must not reach into the cache of parts."""
    shutil.copyfile(source, target)
    return target
