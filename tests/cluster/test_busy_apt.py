"""An unattended upgrade holds dpkg's lock: kboot says who it is, waits, and goes on."""

import time
from pathlib import Path

import pytest

from bootstrap.lab.troubles.busy_apt import VARIABLE
from tests.cluster.scene import scene_of

pytestmark = pytest.mark.cluster
HELD_S = 25
HOLDER = "held by /usr/bin/python3 /usr/bin/unattended-upgrade (process"
INSTALLING = "package-manager-free,package-source-trusted,containerd-installed"


@pytest.mark.drawn("hosts", seconds=50)
def test_busy_apt(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(HELD_S))
    with scene_of(tmp_path, bundle, "--hosts", "1", "--with", "busy-apt") as scene:
        born = time.monotonic()
        assert "Could not get lock" in scene.sh("cp1", "apt-get install -y less 2>&1", code=100)
        assert HOLDER in scene.kboot("plan", "up", "--only", INSTALLING, code=10).out
        done = scene.kboot("up", "--only", INSTALLING)
        assert HOLDER in done.err + done.out
        assert time.monotonic() - born > HELD_S - 10
        assert scene.host("cp1").package("containerd.io").is_installed
