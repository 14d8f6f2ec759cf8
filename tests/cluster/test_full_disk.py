"""A small volume under containers and uploads: said before the first change; when it fills up, `up` goes on later."""

from pathlib import Path

import pytest

from bootstrap.lab.troubles.full_disk import VOLUME
from tests.cluster.scene import scene_of

pytestmark = pytest.mark.cluster
CHECK = "resources-enough"
RUNTIME = (
    "package-source-trusted,containerd-installed,containerd-configured,containerd-fresh,images-present,staging-empty"
)


@pytest.mark.drawn("disks", seconds=45)
def test_full_disk(bundle: Path, tmp_path: Path) -> None:
    with scene_of(tmp_path, bundle, "--hosts", "1", "--with", "full-disk") as scene:
        refused = scene.kboot("up", "--only", f"{CHECK},{RUNTIME}", code=6)
        assert "MB needed (/var/lib/containerd 1500" in refused.out + refused.err
        assert "sudo du -xhd1" in refused.out + refused.err
        assert not scene.host("cp1").package("containerd.io").is_installed

        scene.edit_inventory(lambda wanted: wanted["cluster"].setdefault("checks", {}).update(ignore=[CHECK]))
        full = scene.kboot("up", "--only", f"{CHECK},{RUNTIME}", code=9)
        assert "KB2152" in full.out + full.err
        assert "No space left on device" in (full.out + full.err).replace("no space", "No space")
        assert scene.sh("cp1", "find /var/lib/kboot -name '*.part'") == ""

        scene.sh("cp1", f"mount -o remount,size=4g {VOLUME}")
        scene.kboot("up", "--only", RUNTIME)
        assert "kube-apiserver" in scene.sh("cp1", "ctr -n k8s.io images ls -q")
        assert scene.sh("cp1", "find /var/lib/kboot/images -type f") == ""
