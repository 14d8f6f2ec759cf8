"""Images reach a host once, also when kboot is killed while they travel: counted by the host's own network card."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.bundle.bundle import Bundle
from bootstrap.lab.network import BRIDGE, inside
from bootstrap.model.lock import LockedFile
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES
from tests.cluster.moments import WATCHED_S, until
from tests.cluster.scene import Scene, scene_of

pytestmark = pytest.mark.cluster
STAGING = "/var/lib/kboot/images"
INGEST = "/var/lib/containerd/io.containerd.content.v1.content/ingest/*/data"
RUNTIME = ("--only", "checks,host,runtime")
OWN = """\
apiVersion: kboot/v1
kind: Playbook
name: images-only
summary: containerd and the images, no cluster.
phases:
  - name: runtime
    targets: all
    steps:
      - package-source-trusted
      - containerd-installed
      - containerd-configured
      - containerd-fresh
      - images-present
      - staging-empty
"""


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("uploads"), bundle, "--hosts", "1") as made:
        (made.folder / "own.yaml").write_text(OWN)
        made.kboot("run", "./own.yaml", "--skip", "images-present")
        yield made


@pytest.mark.drawn("uploads", 40)
def test_what_has_travelled_never_travels_again_and_nothing_of_it_stays(scene: Scene, bundle: Path) -> None:
    before = _received(scene)
    for name in ("etcd", "kube-proxy"):
        process = scene.start("run", "./own.yaml")
        until(scene, "cp1", f"ls {STAGING}/{name}-*.part >/dev/null 2>&1 || ls {STAGING}/{name}-* >/dev/null 2>&1")
        process.kill()
        process.communicate(timeout=WATCHED_S)
    assert scene.sh("cp1", f"ls {STAGING}"), "what has arrived waits for the next run"
    scene.sh("cp1", f"touch {STAGING}/mine.txt {STAGING}/of-last-year.tar.kboot-0123456789ab.part")
    scene.kboot("run", "./own.yaml")
    travelled = _received(scene) - before
    assert travelled < sum(image.size_bytes for image in _images(bundle)) * 1.05
    assert scene.sh("cp1", f"ls {STAGING}").split() == ["mine.txt"], "ours are gone, by their names; others stay"
    again = _received(scene)
    began = time.monotonic()
    assert set(scene.rows(scene.kboot("run", "./own.yaml", "-o", "json")).values()) == {"ok"}
    assert _received(scene) - again < 200_000, f"and a second run sends nothing, in {time.monotonic() - began:.1f} s"


@pytest.mark.drawn("uploads", 180)
def test_what_was_pulled_before_a_power_cut_is_not_fetched_again(bundle: Path, tmp_path: Path) -> None:
    """From a registry; counted at the bridge, for the host counts anew from each boot."""
    with scene_of(tmp_path, bundle, "--hosts", "1", "--mirrors") as scene:
        scene.kboot("up", *RUNTIME, "--skip", "images-present")
        before = _sent(scene)
        process = scene.start("up", *RUNTIME)
        until(scene, "cp1", f"ls {INGEST} >/dev/null 2>&1")
        scene.lab("power-cut", "cp1")
        process.communicate(timeout=WATCHED_S)
        scene.lab("start", "cp1")
        scene.kboot("up", *RUNTIME)
        assert _sent(scene) - before < sum(image.size_bytes for image in _images(bundle)) * 1.05
        assert set(scene.rows(scene.kboot("up", *RUNTIME, "-o", "json")).values()) == {"ok"}


def _images(bundle: Path) -> list[LockedFile]:
    lock = Bundle.open(bundle).lock.of(DEFAULT_KUBERNETES)
    return [lock.image(reference) for reference in lock.roles["control-plane"].images]


def _received(scene: Scene) -> int:
    """Bytes that have come in on the host's cards since it booted."""
    table = scene.sh("cp1", "grep -v -e lo: -e '|' /proc/net/dev")
    return sum(int(line.split(":")[1].split()[0]) for line in table.splitlines())


def _sent(scene: Scene) -> int:
    """Bytes that the lab's mirror has sent to its hosts."""
    argv = inside(scene.state.netns, "cat", "/proc/net/dev")
    table = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=10).stdout
    (line,) = (line for line in table.splitlines() if line.strip().startswith(f"{BRIDGE}:"))
    return int(line.split(":")[1].split()[8])
