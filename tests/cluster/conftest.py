"""Labs for tests: real systemd hosts on this machine, each lab with a name of its own, gone when its test is."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bootstrap.bundle.bundle import Bundle
from tests.cluster.lab import Lab
from tests.cluster.other_version import FIXTURE, VERSION, Building

NewLab = Callable[..., Lab]
BUILDING = pytest.StashKey[Building]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for the other version's bundle comes last."""
    items.sort(key=_waits)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start to build it when a scenario that needs it will run."""
    waiting = any(_waits(item) for item in session.items)
    if waiting and os.geteuid() == 0 and not session.config.option.collectonly and not _given(session.config):
        folder = Path(tempfile.mkdtemp(prefix="kboot-tests-"))
        session.config.stash[BUILDING] = Building(folder / "bundle.log")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing of it outlives the tests."""
    if building := config.stash.get(BUILDING, None):
        building.end()
        shutil.rmtree(building.log.parent)


@pytest.fixture(scope="session")
def bundle_of_other_version(request: pytest.FixtureRequest) -> Path:
    """The folder of a bundle that holds it: the given one (--bundle PATH) where that does, else one built meanwhile."""
    if given := _given(request.config):
        return given
    if BUILDING not in request.config.stash:
        pytest.skip("building a bundle needs root")
    return request.config.stash[BUILDING].folder()


def _waits(item: pytest.Item) -> bool:
    return FIXTURE in getattr(item, "fixturenames", ())


def _given(config: pytest.Config) -> Path | None:
    path = config.getoption("--bundle")
    if path == "build":
        return None
    folder = Path(path).resolve()
    return folder if VERSION in Bundle.open(folder).lock.versions else None


@pytest.fixture(scope="module")
def new_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewLab]:
    """`new_lab("--hosts", "2")` is a lab that is up; it goes down with the module, whatever happened in between."""
    if os.geteuid() != 0:
        pytest.skip("labs need root")
    made: list[Lab] = []

    def make(*options: str, up: bool = True) -> Lab:
        lab = Lab(f"t{secrets.token_hex(3)}", tmp_path_factory.mktemp("lab"))
        made.append(lab)
        if up:
            lab.lab("up", *options)
        return lab

    yield make
    for lab in made:
        lab.lab("down")
