"""Kubernetes 1.35 beside 1.36: the same steps, another bundle, and the version that the inventory names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.other_version import VERSION
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def scene(bundle_of_other_version: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("older"), bundle_of_other_version, "--hosts", "1") as made:
        made.edit_inventory(lambda wanted: wanted["cluster"].update(kubernetes=VERSION))
        yield made


@pytest.mark.drawn("v1.35", 95)
def test_a_cluster_of_1_35_stands_and_a_second_up_is_quiet(scene: Scene) -> None:
    scene.kboot("up")

    assert_whole(scene, "cp1")
    assert [node["status"]["nodeInfo"]["kubeletVersion"] for node in scene.get("nodes")] == [f"v{VERSION}"]
    images = {status["image"] for pod in scene.get("pods", "-A") for status in pod["status"]["containerStatuses"]}
    assert f"registry.k8s.io/kube-apiserver:v{VERSION}" in images
    again = scene.kboot("up", "-o", "json")
    assert set(scene.rows(again).values()) == {"ok"}
    a_version_that_the_bundle_lacks_is_refused_at_its_line(scene)


def a_version_that_the_bundle_lacks_is_refused_at_its_line(scene: Scene) -> None:
    """Never drawn alone: it would have the whole bundle built for one refusal."""
    scene.edit_inventory(lambda wanted: wanted["cluster"].update(kubernetes="1.34.4"))
    line = next(number for number, text in enumerate(scene.inventory.read_text().splitlines(), 1) if "1.34.4" in text)

    done = scene.kboot("plan", "up", code=3)

    assert f"lab.yaml:{line}:" in done.err
    assert "KB1215" in done.err
