"""A whole cluster on Debian 13 with the habits of a new Ubuntu: sudo-rs asks, systemd-resolved answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster
HOSTS = ("cp1", "w1")


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    words = ("--hosts", "2", "--os", "debian-13", "--sudo-password")
    with scene_of(tmp_path_factory.mktemp("trixie"), bundle, *words) as made:
        yield made


@pytest.mark.drawn("debian-13", 110)
def test_a_cluster_stands_on_debian_13_and_a_second_up_is_quiet(scene: Scene) -> None:
    scene.kboot("up")

    assert_whole(scene, *HOSTS)
    images = {node["status"]["nodeInfo"]["osImage"] for node in scene.get("nodes")}
    assert images == {"Debian GNU/Linux 13 (trixie)"}
    for name in HOSTS:
        host = scene.host(name)
        assert host.package("containerd.io").version.endswith("~debian.13~trixie")
        assert host.run("systemctl is-system-running").stdout.strip() == "running"
    # Pods ask the servers that resolved asks, not its stub, which no pod can reach (kubelet's resolvConf).
    running = json.loads(scene.kubectl("get", "--raw", "/api/v1/nodes/w1/proxy/configz"))["kubeletconfig"]
    assert running["resolvConf"] == "/run/systemd/resolve/resolv.conf"
    again = scene.kboot("up", "-o", "json")
    assert set(scene.rows(again).values()) == {"ok"}
