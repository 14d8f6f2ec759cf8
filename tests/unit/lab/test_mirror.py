"""A lab's mirror: repositories in upstream's layouts, signed with a key of the lab's own."""

import hashlib
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from bootstrap.lab.mirror_tree import MirrorTree, ensure_tree
from bootstrap.lab.provision import mirror_files
from bootstrap.lab.registry import configuration
from bootstrap.model.lock import BundleLock, LockedFile

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("dpkg-deb", "apt-ftparchive", "gpg"))), reason="makes packages and a signed repository"
)
DEB = "Package: {name}\nVersion: {version}\nArchitecture: amd64\nMaintainer: a <a@b.invalid>\nDescription: d\n"


def packed(folder: Path, name: str, version: str) -> LockedFile:
    """A package of nothing but its name, in the bundle's folder."""
    control = folder / "build" / name / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(DEB.format(name=name, version=version))
    path = f"apt/bookworm/{name}_{version}_amd64.deb"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    build = ["dpkg-deb", "--build", "--root-owner-group", str(folder / "build" / name), str(folder / path)]
    subprocess.run(build, check=True, capture_output=True, timeout=60)
    content = (folder / path).read_bytes()
    return LockedFile(
        path=path,
        kind="package",
        name=name,
        version=version,
        architecture="amd64",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        source="a test",
        licence="Apache-2.0",
        release="bookworm",
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> MirrorTree:
    bundle = tmp_path_factory.mktemp("bundle")
    versions = {"kubelet": "1.36.3-1.1", "containerd.io": "2.3.7-1~debian.12~bookworm", "socat": "1.7-1"}
    lock = BundleLock(
        architecture="amd64",
        releases=("bookworm",),
        built=date(2026, 11, 21),
        recipe="0" * 64,
        apt_key_fingerprint="A" * 40,
        versions={"1.36.3": {}},
        files=tuple(packed(bundle, name, version) for name, version in versions.items()),
    )
    (bundle / "bundle.yaml").write_text(lock.to_yaml())
    made = MirrorTree(tmp_path_factory.mktemp("lab") / "mirror")
    ensure_tree(made, bundle)
    return made


def test_each_repository_has_its_own_packages_alone(tree: MirrorTree) -> None:
    flat = tree.served / "kubernetes/core:/stable:/v1.36/deb"
    docker = tree.served / "docker/debian"
    index = (docker / "dists/bookworm/stable/binary-amd64/Packages").read_text()
    named = {
        "kubernetes": (flat / "Packages").read_text(),
        "docker": index,
        "debian": (tree.served / "debian/bookworm/Packages").read_text(),
    }
    found = {place: [line.split()[1] for line in text.splitlines() if line.startswith("Package:")]
             for place, text in named.items()}  # fmt: skip
    assert found == {"kubernetes": ["kubelet"], "docker": ["containerd.io"], "debian": ["socat"]}
    file = next(line.split()[1] for line in index.splitlines() if line.startswith("Filename:"))
    assert (docker / file).is_file(), "a path from the repository's top"


def test_all_are_signed_with_the_labs_key_which_lies_beside(tree: MirrorTree, tmp_path: Path) -> None:
    flat, docker = tree.served / "kubernetes/core:/stable:/v1.36/deb", tree.served / "docker/debian"
    assert (flat / "Release.key").read_text() == (docker / "gpg").read_text() == tree.key.read_text()
    ring = tmp_path / "ring.gpg"
    subprocess.run(["gpg", "--dearmor", "--output", str(ring), str(tree.key)], check=True, capture_output=True)
    for signed in (flat, docker / "dists/bookworm", tree.served / "debian/bookworm"):
        verify = ["gpgv", "--keyring", str(ring), str(signed / "InRelease")]
        assert subprocess.run(verify, capture_output=True, timeout=60, check=False).returncode == 0, signed


def test_a_whole_tree_is_left_alone_and_a_cut_one_made_anew(tree: MirrorTree, tmp_path: Path) -> None:
    key = tree.fingerprint
    ensure_tree(tree, Path("/nowhere"))
    assert tree.fingerprint == key
    cut = MirrorTree(tmp_path / "mirror")
    cut.served.mkdir(parents=True)
    with pytest.raises(FileNotFoundError):
        ensure_tree(cut, Path("/nowhere"))
    assert not cut.served.exists()


def test_a_hosts_own_source_is_the_hosters(tree: MirrorTree) -> None:
    source, key = mirror_files("http://10.77.0.1:8080", "bookworm", tree.key.read_text())
    assert source.text == f"deb [signed-by={key.path}] http://10.77.0.1:8080/debian/bookworm/ /\n"


def test_the_registry_keeps_its_blobs_where_it_is_told() -> None:
    text = configuration(Path("/lab/registry"), "10.77.0.1:5000")
    assert "rootdirectory: /lab/registry" in text
    assert 'addr: "10.77.0.1:5000"' in text
