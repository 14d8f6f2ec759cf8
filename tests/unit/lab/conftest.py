"""Hosts that are shells: what the lab does around them is real, and nothing boots."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from bootstrap.lab import daemon, lifecycle, network, power, state
from bootstrap.lab.command import succeeds
from bootstrap.lab.machine import Say
from bootstrap.lab.recipe import Recipe
from bootstrap.lab.state import HostState, LabState
from bootstrap.model.error import KbootError
from tests.unit.programs import put


@pytest.fixture
def shells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who starts a host's supervisor starts a shell in its stead."""
    real = daemon.start

    def start(module: str, words: Sequence[str], *, lock: Path, log: Path) -> None:
        assert module == "bootstrap.lab.supervisor"
        real("tests.unit.lab.pretended_host", words, lock=lock, log=log)

    monkeypatch.setattr(daemon, "start", start)


@pytest.fixture
def lab(tmp_path: Path) -> LabState:
    """Paths of a lab; nothing is there."""
    return LabState(tmp_path / "kboot" / "lab" / "lab")


@pytest.fixture
def host(lab: LabState, shells: None) -> Iterator[HostState]:
    """One host's folder; a shell that runs in it ends with the test."""
    w1 = lab.host("w1")
    w1.folder.mkdir(parents=True)
    yield w1
    power.cut(w1)


@pytest.fixture
def machine(
    lab: LabState, shells: None, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """A machine whose labs lie below the test's folder; what `up` and `down` say on it. Its ssh lets everybody in."""
    said: list[str] = []
    base = tmp_path / "base"
    (base / "etc").mkdir(parents=True)
    (base / "etc/shadow").write_text("root:*:20000:0:::::\nadmin:!:20000:0:::::\n")
    monkeypatch.setattr(state, "LABS", lab.folder.parent)
    monkeypatch.setattr(lifecycle, "ensure_tools", lambda _say, _tools: None)

    def ensure_base(recipe: Recipe, say: Say) -> Path:
        say(f"a base of {recipe.release}")
        return base

    monkeypatch.setattr(lifecycle, "ensure_base", ensure_base)
    put(programs, "ssh", "exit 0")
    yield said
    with suppress(KbootError):
        lifecycle.down("lab", said.append)
    network.unbind(lab.netns)


def may_make_namespaces() -> bool:
    """Whether this process may make network namespaces, as root of a real machine may."""
    return os.geteuid() == 0 and succeeds(["unshare", "--net", "true"])
