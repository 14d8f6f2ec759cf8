"""A small whole bundle on disk."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.make.lock_key import LockKey
from bootstrap.model.lock import BundleLock, LockedFile, RoleNeeds

CONTENT = {
    "apt/bookworm/kubelet_1.36.3-1.1_amd64.deb": b"a package",
    "apt/bookworm/InRelease": b"an index",
    "images/pause-3.10.2.tar": b"an image",
    "manifests/flannel-0.28.4.yaml": b"a manifest",
}
PAUSE = "registry.k8s.io/pause:3.10.2"


def locked(path: str, content: bytes, /, **told: object) -> LockedFile:
    """An entry of the lock for a file with that content."""
    plain = {
        "path": path,
        "name": Path(path).name.split("_", maxsplit=1)[0],
        "version": "1",
        "architecture": "amd64",
        "source": "a test",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(content).hexdigest(),
        "sizeBytes": len(content),
    }
    return LockedFile.model_validate({**plain, **told})


def _files() -> tuple[LockedFile, ...]:
    deb, index, image, manifest = CONTENT.items()
    digests = {"manifestDigest": "sha256:" + "a" * 64, "configDigest": "sha256:" + "b" * 64}
    names = {"reference": PAUSE, "standsInFor": ["registry.k8s.io/pause:3.9"], "name": "pause"}
    return (
        locked(*deb, kind="package", release="bookworm"),
        locked(*index, kind="apt-index", release="bookworm"),
        locked(*image, kind="image", **names, **digests),
        locked(*manifest, kind="manifest", name="flannel"),
    )


@pytest.fixture
def lock() -> BundleLock:
    needs = RoleNeeds(install=("kubelet",), packages=("kubelet",), images=(PAUSE,))
    return BundleLock(
        architecture="amd64",
        releases=("bookworm",),
        built=date(2026, 11, 21),
        recipe="c" * 64,
        apt_key_fingerprint="D" * 40,
        versions={"1.36.3": {"control-plane": needs, "worker": needs}},
        files=_files(),
    )


@pytest.fixture
def whole(tmp_path: Path, lock: BundleLock) -> Bundle:
    folder = tmp_path / "bundle"
    for path, content in CONTENT.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / LOCK_NAME).write_text(lock.to_yaml())
    LockKey.at(tmp_path / "key").sign(folder)
    return Bundle.open(folder)
