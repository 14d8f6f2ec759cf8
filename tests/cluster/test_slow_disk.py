"""A disk of 100 writes a second: what dpkg and containerd sync takes long, and is there in the end."""

from pathlib import Path

import pytest

from bootstrap.lab.troubles.slow_disk import WRITES_PER_S
from tests.cluster.scene import scene_of

pytestmark = pytest.mark.cluster
WRITES = 20
ENTERED = """\
pod=$(ls -d /sys/fs/cgroup/blkio /sys/fs/cgroup 2>/dev/null | head -1)/pod
mkdir $pod && sleep 3 && echo $$ >$pod/cgroup.procs
"""
RUNTIME = "package-source-trusted,containerd-installed,containerd-configured,containerd-fresh,images-present"


@pytest.mark.drawn("disks", seconds=90)
def test_slow_disk(bundle: Path, tmp_path: Path) -> None:
    with scene_of(tmp_path, bundle, "--hosts", "1", "--with", "slow-disk") as scene:
        for group in ("", ENTERED):  # a pod's etcd is in a group of its own
            synced = scene.sh("cp1", f"{group}dd if=/dev/zero of=/x bs=4k count={WRITES} oflag=dsync 2>&1; rm /x")
            seconds = float(synced.rpartition(" s,")[0].rpartition(" ")[2])
            assert seconds > 0.5 * WRITES / WRITES_PER_S
        scene.kboot("up", "--only", RUNTIME)
        assert "kube-apiserver" in scene.sh("cp1", "ctr -n k8s.io images ls -q")
        assert set(scene.rows(scene.kboot("up", "--only", RUNTIME, "-o", "json")).values()) == {"ok"}
