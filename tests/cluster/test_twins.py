"""Hosts that were cloned from one image, hostname and machine id included."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.scene import Scene, scene_of

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("twins"), bundle, "--hosts", "2", "--with", "wrong-hostname") as made:
        yield made


@pytest.mark.drawn("hosts", seconds=20)
def test_twins_are_refused_and_what_it_says_to_type_makes_them_two(scene: Scene) -> None:
    assert {scene.host(name).check_output("hostname") for name in ("cp1", "w1")} == {"template"}
    done = scene.kboot("up", code=6)
    assert "KB2013" in done.out + done.err
    assert not scene.host("w1").package("containerd.io").is_installed, "refused before the first change"

    (row,) = (
        row for row in scene.kboot("plan", "up", "-o", "json", code=6).json["rows"] if row["decision"] == "blocked"
    )
    assert "the same machine id" in row["problem"]
    assert "the same hostname, template" in row["problem"]
    (once,) = re.findall(r"on each but one of cp1, w1: `([^`]*)`", row["advice"])
    scene.lab("ssh", "w1", once)
    for host, command in re.findall(r"on (cp1|w1): `([^`]*)`", row["advice"]):
        scene.lab("ssh", host, command)

    assert [scene.host(name).check_output("hostname") for name in ("cp1", "w1")] == ["cp1", "w1"]
    rows = scene.kboot("plan", "up", "-o", "json", code=10).json["rows"]
    assert next(row["decision"] for row in rows if row["step"] == "identity-unique") == "satisfied"
