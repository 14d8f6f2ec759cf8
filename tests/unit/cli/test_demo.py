"""The demo, up to where it would boot hosts."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bootstrap.bundle.bundle import Bundle
from bootstrap.cli import demo as module
from bootstrap.cli.demo import demo
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.bundle.conftest import lock, whole

__all__ = ["lock", "whole"]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What the demo would have run; its first command ends it."""
    commands: list[tuple[str, ...]] = []

    def type_(*words: str, stdin: str | None = None) -> None:
        commands.append(words)
        raise SystemExit(7)

    monkeypatch.setattr(module, "_type", type_)
    return commands


def test_a_bundle_that_is_none_is_refused_before_a_host_is_booted(typed: list[tuple[str, ...]], tmp_path: Path) -> None:
    done = CliRunner().invoke(demo, ["--bundle", str(tmp_path)])
    assert isinstance(done.exception, KbootError)
    assert done.exception.code == Code.BUNDLE_MISSING
    assert typed == []


def test_a_named_bundle_is_the_one_that_the_hosts_get(typed: list[tuple[str, ...]], whole: Bundle) -> None:
    CliRunner().invoke(demo, ["--bundle", str(whole.folder), "--hosts", "2"])
    assert typed[0][:2] == ("lab", "up")
    assert str(whole.folder) in typed[0]


def test_without_one_the_bundle_is_built_first(typed: list[tuple[str, ...]]) -> None:
    CliRunner().invoke(demo, [])
    assert typed == [("bundle", "build")]


@pytest.mark.parametrize(("given", "shown"), [((), True), (("-q", "--no-color"), False)])
def test_its_commands_talk_as_it_was_told_to(
    monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], shown: bool
) -> None:
    ran: list[tuple[str, ...]] = []

    def kboot(*words: str, stdin: str | None = None, capture: bool = False) -> subprocess.CompletedProcess[str]:
        ran.append(words)
        return subprocess.CompletedProcess(words, 7)

    monkeypatch.setattr(module, "_kboot", kboot)
    done = CliRunner().invoke(demo, given)
    assert done.exit_code == 7
    assert ran == [("bundle", "build", *given)]
    assert ("$ kboot bundle build" in done.output) is shown
