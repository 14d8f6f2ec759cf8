"""Hosts with Debian's docker.io, whose containerd and runc exclude containerd.io, and with the CRI turned off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.lab.mirror import MirrorState
from bootstrap.lab.troubles.docker_io import CONFIG
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster
RUNTIME = ("--only", "checks,host,runtime")
# An image of one program of the host, imported as a tarball: nothing can be pulled here.
RUN = """\
set -e
cd /
tar -ch usr/bin/sleep $(ldd /usr/bin/sleep | grep -o '/[^ ]*') 2>/dev/null | docker import - own/sleep
docker run -d --name registry --network none own/sleep /usr/bin/sleep 3600
"""


@pytest.fixture
def scene(bundle: Path, tmp_path: Path) -> Iterator[Scene]:
    with scene_of(tmp_path, bundle, "--hosts", "1", "--with", "docker.io") as made:
        yield made


@pytest.mark.drawn("hosts", seconds=110)
def test_docker_io_without_a_container_gives_way(scene: Scene) -> None:
    _stays_where_the_admin_said_so(scene)
    done = scene.kboot("up")

    said = done.out + done.err
    assert "remove docker.io 20.10" in said
    assert "containerd 1.6" in said
    _is_replaced(scene)
    assert set(scene.rows(scene.kboot("up", "-o", "json")).values()) == {"ok"}


@pytest.mark.drawn("hosts", seconds=120)
def test_docker_io_under_a_container_stays_until_the_inventory_says_replace(scene: Scene) -> None:
    scene.sh("cp1", RUN)
    done = scene.kboot("up", code=6)
    said = done.out + done.err
    assert "KB2203" in said
    assert "registry" in said
    assert "runtimeConflict: replace" in said
    assert scene.host("cp1").package("docker.io").is_installed
    assert "registry" in scene.sh("cp1", "docker ps")

    scene.edit_inventory(lambda wanted: wanted["cluster"].update(runtime_conflict="replace"))
    done = scene.kboot("up")

    assert "its bridge docker0 and its packet filter rules stay there until the host restarts" in done.out + done.err
    _is_replaced(scene)
    # sleep, as a container's process 1, does not heed TERM: dockerd kills it, and has failed.
    assert "docker" not in scene.sh("cp1", "systemctl --failed --no-legend")
    assert scene.host("cp1").run("pgrep -f '^/usr/bin/sleep 3600'").rc == 1
    assert scene.sh("cp1", "ls -d /var/lib/docker/containers/*/config.v2.json | wc -l").strip() == "1", "data is kept"


@pytest.mark.drawn("hosts", seconds=70)
def test_docker_io_stays_until_what_replaces_it_is_there_and_whole(bundle: Path, tmp_path: Path) -> None:
    """Without a bundle a package is altered on its way: found while docker.io, held and wanted gone, still stands."""
    with scene_of(tmp_path, bundle, "--hosts", "1", "--with", "docker.io", "--mirrors") as scene:
        scene.sh("cp1", "apt-mark hold docker.io")
        scene.edit_inventory(lambda wanted: wanted["cluster"].update(runtimeConflict="replace"))
        folder = MirrorState(scene.state).tree.served / "kubernetes/core:/stable:/v1.36/deb"
        package = next(folder.glob("kubelet_*.deb"))
        good = package.read_bytes()
        package.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        done = scene.kboot("up", *RUNTIME, code=9)
        assert "Hash Sum mismatch" in done.out + done.err
        assert "runtime-conflict-gone" in done.out + done.err
        assert scene.sh("cp1", "systemctl is-active docker").strip() == "active"

        package.write_bytes(good)
        scene.kboot("up", *RUNTIME)
        _gave_way(scene)
        assert set(scene.rows(scene.kboot("up", *RUNTIME, "-o", "json")).values()) == {"ok"}


def _stays_where_the_admin_said_so(scene: Scene) -> None:
    """In the inventory, and by apt-mark; what is printed about that, typed, lets `up` go on."""
    scene.edit_inventory(lambda wanted: wanted["cluster"].update(runtimeConflict="keep"))
    assert "and runtimeConflict says keep" in scene.kboot("up", code=6).out
    scene.edit_inventory(lambda wanted: wanted["cluster"].pop("runtimeConflict"))
    scene.sh("cp1", "apt-mark hold docker.io containerd")
    done = scene.kboot("up", code=6)
    (line,) = re.findall(r"next: (sudo apt-mark unhold [a-z. ]+),", done.out)
    scene.sh("cp1", line)


def _is_replaced(scene: Scene) -> None:
    _gave_way(scene)
    assert_whole(scene, "cp1")


def _gave_way(scene: Scene) -> None:
    host = scene.host("cp1")
    states = host.check_output(
        "dpkg-query -W -f='${Package} ${db:Status-Abbrev}\\n' docker.io containerd containerd.io"
    )
    assert dict(line.split() for line in states.splitlines()) == {
        "containerd": "rc",
        "containerd.io": "ii",
        "docker.io": "rc",
    }
    assert not host.exists("dockerd")
    assert host.file("/var/lib/docker/image").exists
    assert host.file("/etc/containerd/config.toml.kboot-before").content_string == CONFIG
    assert "disabled_plugins" not in host.file("/etc/containerd/config.toml").content_string
