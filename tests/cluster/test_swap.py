"""Swap that would come back with the next boot, in all the ways it does. It is never on here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.scene import Scene, scene_of

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("swap"), bundle, "--hosts", "1", "--with", "swap") as made:
        yield made


@pytest.mark.drawn("hosts", seconds=20)
def test_swap_stays_off_over_a_reboot(scene: Scene) -> None:
    host = scene.host("cp1")
    assert host.check_output("systemctl is-enabled swap.img.swap") == "enabled"
    assert host.check_output("systemctl is-enabled dev-zram0.swap") == "generated"

    scene.kboot("up", "--only", "swap-off")
    scene.lab("reboot")

    lines = scene.host("cp1").file("/etc/fstab").content_string.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("# kboot: ") for line in lines), "kept, as comments"
    states = scene.host("cp1").run("systemctl is-enabled swap.img.swap dev-zram0.swap").stdout.split()
    assert states == ["disabled", "masked"]
    assert scene.host("cp1").file("/etc/systemd/system/swap.img.swap").exists, "an admin's own unit stays"
    wants = scene.host("cp1").check_output("systemctl list-dependencies --plain swap.target")
    assert "swap.img.swap" not in wants
    scene.kboot("plan", "up", "--only", "swap-off")
