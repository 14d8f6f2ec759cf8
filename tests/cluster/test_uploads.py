"""Images reach a host once, also when kboot is killed while they travel: counted by the host's own network card."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.bundle.bundle import Bundle
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES
from tests.cluster.moments import WATCHED_S, until
from tests.cluster.scene import Scene, scene_of

pytestmark = pytest.mark.cluster
STAGING = "/var/lib/kboot/images"
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
    lock = Bundle.open(bundle).lock.of(DEFAULT_KUBERNETES)
    images = [lock.image(reference) for reference in lock.roles["control-plane"].images]
    assert travelled < sum(image.size_bytes for image in images) * 1.05
    assert scene.sh("cp1", f"ls {STAGING}").split() == ["mine.txt"], "ours are gone, by their names; others stay"
    again = _received(scene)
    began = time.monotonic()
    assert set(scene.rows(scene.kboot("run", "./own.yaml", "-o", "json")).values()) == {"ok"}
    assert _received(scene) - again < 200_000, f"and a second run sends nothing, in {time.monotonic() - began:.1f} s"


def _received(scene: Scene) -> int:
    """Bytes that have come in on the host's cards since it booted."""
    table = scene.sh("cp1", "grep -v -e lo: -e '|' /proc/net/dev")
    return sum(int(line.split(":")[1].split()[0]) for line in table.splitlines())
