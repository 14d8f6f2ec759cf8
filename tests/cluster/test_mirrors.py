"""Without a bundle: packages from repositories and images from a registry, as a connected host takes them.

The lab serves the bundle's content in the layouts of pkgs.k8s.io, Docker and Debian, and Debian's docker-registry has
its images. First what is wrong with such a source, then a whole cluster from it on the same host.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.lab.mirror import MirrorState
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster
REFUSED = pytest.mark.drawn("broken-mirrors", 20)

PACKAGES = "dpkg-query -W -f='${Package} ${Version} ${Status}\\n'"
KUBERNETES = "kubernetes/core:/stable:/v1.36/deb"


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("mirrors"), bundle, "--hosts", "1", "--mirrors") as made:
        assert "bundle" not in made.wanted["cluster"]
        yield made


@pytest.fixture
def bare(scene: Scene) -> Iterator[Scene]:
    """The inventory and what is served are put back; whatever went wrong, no package came or went."""
    text, before = scene.inventory.read_text(), scene.sh("cp1", PACKAGES)
    yield scene
    scene.inventory.write_text(text)
    assert scene.sh("cp1", PACKAGES) == before


def served(scene: Scene) -> Path:
    return MirrorState(scene.state).tree.served


def refused(scene: Scene, code: str, *words: str) -> None:
    """`up` ends before its first change, with this code and these words; nothing of kboot is on the host."""
    done = scene.kboot("up", code=6)
    for word in (code, *words):
        assert word in done.out + done.err
    assert not scene.host("cp1").file("/var/lib/kboot").exists


def mirrors(scene: Scene, part: str, **fields: Any) -> None:
    scene.edit_inventory(lambda wanted: wanted["cluster"]["mirrors"][part].update(fields))


@REFUSED
def test_a_key_that_is_not_the_pinned_one(bare: Scene) -> None:
    mirrors(bare, "kubernetes", key="DE15B14486CD377B9E876E1A234654DA9A296436")
    refused(bare, "KB2111", "DE15B14486CD377B9E876E1A234654DA9A296436 is wanted", "Release.key")


@REFUSED
def test_a_key_that_has_expired(bare: Scene, tmp_path: Path) -> None:
    gpg = ["gpg", "--homedir", str(tmp_path), "--batch", "--quiet", "--faked-system-time", "20250101T000000"]
    tmp_path.chmod(0o700)
    for words in (
        [*gpg, "--passphrase", "", "--quick-generate-key", "a mirror", "ed25519", "sign", "2025-06-01"],
        [*gpg, "--armor", "--output", str(tmp_path / "old.asc"), "--export"],
        ["gpgconf", "--homedir", str(tmp_path), "--kill", "all"],
    ):
        subprocess.run(words, check=True, capture_output=True, timeout=60)
    listed = subprocess.run([*gpg, "--with-colons", "--list-keys"], capture_output=True, text=True, check=True)
    fingerprint = next(line.split(":")[9] for line in listed.stdout.splitlines() if line.startswith("fpr:"))
    key = served(bare) / KUBERNETES / "Release.key"
    mirrors(bare, "kubernetes", key=fingerprint)
    good = key.read_bytes()
    try:
        shutil.copyfile(tmp_path / "old.asc", key)
        refused(bare, "KB2112", "expired on 2025-06-01")
    finally:
        key.write_bytes(good)


@REFUSED
def test_a_version_that_is_not_there(bare: Scene) -> None:
    bare.edit_inventory(lambda wanted: wanted["cluster"].update(kubernetes="1.36.1"))
    refused(bare, "KB2113", "no kubelet, kubeadm, kubectl for Kubernetes 1.36.1", "it has kubelet 1.36.3")


@REFUSED
def test_a_repository_that_does_not_answer(bare: Scene) -> None:
    mirrors(bare, "containerd", url="http://10.77.0.1:8081/docker")
    refused(bare, "KB2110", "http://10.77.0.1:8081/docker/debian/gpg", "curl: (7)")


@REFUSED
def test_a_registry_that_does_not_answer(bare: Scene) -> None:
    mirrors(bare, "images", **{"ghcr.io": "http://10.77.0.1:5001"})
    refused(bare, "KB2114", "ghcr.io/flannel-io/flannel", "curl: (7)")


@REFUSED
def test_an_image_that_the_registry_does_not_have(bare: Scene) -> None:
    bare.edit_inventory(lambda wanted: wanted["cluster"]["overlays"].update(kubeadm={"dns": {"imageTag": "v0.0.1"}}))
    refused(bare, "KB2115", "/v2/coredns/coredns/manifests/v0.0.1 answers cp1 with 404")


@REFUSED
def test_an_altered_package_is_found_before_anything_is_unpacked(bare: Scene) -> None:
    package = next((served(bare) / KUBERNETES).glob("kubelet_*.deb"))
    good = package.read_bytes()
    try:
        package.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        done = bare.kboot("up", code=9)
        assert "Hash Sum mismatch" in done.out + done.err
        assert "containerd-installed" in done.out + done.err
    finally:
        package.write_bytes(good)


@pytest.mark.drawn("mirrors", 100)
def test_the_whole_cluster_beside_sources_of_the_hosts_own(scene: Scene) -> None:
    """One that names the same repository with another key's file, and one that is broken: apt would refuse both."""
    docker = "deb [signed-by=/etc/apt/keyrings/hoster.asc] http://10.77.0.1:8080/docker/debian bookworm stable\n"
    for name, line in (("docker", docker), ("broken", "deb http://127.0.0.1:9/nothing ./\n")):
        scene.sh("cp1", f"cat >/etc/apt/sources.list.d/{name}.list <<'.'\n{line}.\n")
    scene.kboot("up")
    assert_whole(scene, "cp1")
    host = scene.host("cp1")
    assert host.file("/etc/containerd/certs.d/ghcr.io/hosts.toml").contains('server = "http://10.77.0.1:5000"')
    assert host.file("/etc/apt/sources.list.d/docker.list").content_string == docker
    assert scene.sh("cp1", "find /var/lib/kboot/apt/archives -name '*.deb'") == "", "nothing is kept that is installed"
    asks_no_source(scene)


def asks_no_source(scene: Scene) -> None:
    """A second `up` changes nothing, and no repository and no registry hears of it."""
    log = MirrorState(scene.state).log
    before = log.read_text()
    done = scene.kboot("up", "-o", "json")
    assert set(scene.rows(done).values()) == {"ok"}
    assert log.read_text() == before, "the log has a line for each request"
