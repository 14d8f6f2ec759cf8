"""Commands write only below a folder of the test; a toy cluster, over hosts that are dicts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from bootstrap import run
from bootstrap.cli import preparing, run_playbook, site
from bootstrap.load import playbook as playbooks
from tests.fake_host import FakeHost
from tests.unit.run.toys import BOOK, World

INVENTORY = """\
apiVersion: kboot/v1
cluster: {name: toy, addons: []}
ssh: {sudoPasswordFile: password}
hosts:
  - {name: cp1, address: 192.0.2.1, role: control-plane}
  - {name: w1, address: 192.0.2.2}
  - {name: w2, address: 192.0.2.3}
"""
PASSWORD = "correct-horse"


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """State, cache and home of this test alone; not made, for most tests write nothing."""
    own = tmp_path_factory.getbasetemp() / "own" / uuid4().hex
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(own / name.lower()))
    for name in ("KBOOT_INVENTORY", "KUBECONFIG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """Two workers and a control plane, an inventory of them in the current folder, and the toy playbook."""
    made = World(2)
    (tmp_path / "password").touch(0o600)
    (tmp_path / "password").write_text(PASSWORD + "\n")
    (tmp_path / "lab.yaml").write_text(INVENTORY)
    monkeypatch.chdir(tmp_path)

    @contextmanager
    def connected(_: site.Site) -> Iterator[Mapping[str, FakeHost]]:
        yield made.hosts

    for room in (preparing, run_playbook, site):
        monkeypatch.setattr(room, "connections", connected)
    monkeypatch.setattr(run, "execute", partial(run.execute, pace=0.05), raising=False)
    monkeypatch.setattr(playbooks, "load_playbook", lambda _: BOOK)
    return made
