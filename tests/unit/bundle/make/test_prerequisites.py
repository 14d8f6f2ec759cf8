"""What a build needs on this machine."""

from pathlib import Path

import pytest

from bootstrap.bundle.make import prerequisites
from bootstrap.bundle.make.prerequisites import install_missing, missing_packages
from bootstrap.bundle.make.progress import Event, Note
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.programs import put


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, programs: Path) -> Path:
    """A machine that lacks a compiler's headers; apt-get writes down what it was asked for."""
    monkeypatch.setattr(prerequisites, "_PROGRAMS", {"sh": "dash"})
    monkeypatch.setattr(prerequisites, "_FILES", {Path("/"): "base-files", programs / "stdlib.h": "libc6-dev"})
    put(programs, "apt-get", f'echo "$*" >>{programs}/asked; echo "$NEEDRESTART_SUSPEND" >>{programs}/suspended')
    return programs


def test_what_is_there_is_not_asked_for(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_packages() == ("libc6-dev",)
    (bare / "stdlib.h").touch()
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    events: list[Event] = []
    install_missing(events.append)
    assert events == []


def test_root_has_it_installed_and_that_is_said(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    events: list[Event] = []
    install_missing(events.append)
    assert events == [Note("installing on this machine: libc6-dev")]
    assert (bare / "suspended").read_text() == "1\n1\n", "needrestart(1) would restart this machine's services"
    assert (bare / "asked").read_text() == "update -qq\ninstall -y -qq --no-install-recommends libc6-dev\n"


def test_without_root_the_command_to_type_is_told(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(KbootError) as caught:
        install_missing(lambda _event: None)
    assert caught.value.code == Code.BUNDLE_TOOL_MISSING
    assert caught.value.advice == "sudo apt-get install libc6-dev"
    assert not (bare / "asked").exists()
