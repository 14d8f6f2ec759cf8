"""The demo, up to where it would boot hosts."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.make.lock_key import LockKey
from bootstrap.cli import demo as module
from bootstrap.cli.boundary import guarded
from bootstrap.cli.demo import demo
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.bundle.conftest import PAUSE, lock, whole

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


@pytest.mark.parametrize(("ended", "code"), [(9, 9), (-9, 137)], ids=["failed", "killed"])
def test_a_command_that_fails_ends_the_demo_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, ended: int, code: int
) -> None:
    monkeypatch.setattr(module, "_kboot", lambda *words, stdin=None: subprocess.CompletedProcess(words, ended))
    assert guarded(demo, ["-q"]) == code


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


AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.63.0"
INVENTORY = """\
apiVersion: kboot/v1
cluster: {{name: demo, bundle: {bundle}}}
hosts:
  - {{name: cp1, address: 10.77.0.11, role: control-plane}}
  - {{name: w1, address: 10.77.0.12, role: worker}}
"""


class Cluster:
    """Commands that all succeed; the page answers through `answering` of its hosts, more at each try."""

    def __init__(self, *answering: int) -> None:
        self.answering = list(answering)
        self.applied = ""

    def __call__(
        self, *words: str, stdin: str | None = None, capture: bool = False
    ) -> subprocess.CompletedProcess[str]:
        self.applied = stdin or self.applied
        if not capture:
            return subprocess.CompletedProcess(words, 0)
        count = self.answering.pop(0) if len(self.answering) > 1 else self.answering[0]
        told = re.search(r"kboot-demo-[0-9a-f]{16}", self.applied)
        assert told is not None
        pages = [f"{url} -> {told[0]}" for url in words if url.startswith("http")][:count]
        return subprocess.CompletedProcess(words, 0 if pages else 1, "\n".join(pages), "" if pages else "refused")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, whole: Bundle, tmp_path: Path) -> Callable[..., Cluster]:
    """A demo's two hosts after `lab up`, and their bundle, in which agnhost is."""
    file = whole.folder / LOCK_NAME
    file.write_text(file.read_text().replace(PAUSE, AGNHOST))
    LockKey.at(tmp_path / "key").sign(whole.folder)
    monkeypatch.chdir(tmp_path)
    (tmp_path / module.INVENTORY).write_text(INVENTORY.format(bundle=whole.folder))
    monkeypatch.setattr("time.sleep", lambda _s: None)

    def answers(*answering: int) -> Cluster:
        made = Cluster(*answering)
        monkeypatch.setattr(module, "_kboot", made)
        return made

    return answers


def test_the_page_is_asked_for_until_every_host_serves_the_words_of_this_run(
    cluster: Callable[..., Cluster], whole: Bundle
) -> None:
    served = cluster(0, 1, 2)
    done = CliRunner().invoke(demo, ["--bundle", str(whole.folder), "--hosts", "2"])
    assert done.exit_code == 0, done.output
    assert AGNHOST in served.applied
    for address in ("10.77.0.11", "10.77.0.12"):
        assert f"http://{address}:30080/page/index.html -> kboot-demo-" in done.output
    assert "its page answered through each of them" in done.output
    assert "kboot lab down --name demo" in done.output.splitlines()[-1]


def test_a_page_that_one_host_never_serves_ends_with_what_was_seen_and_where_to_look(
    cluster: Callable[..., Cluster], whole: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(1)
    monkeypatch.setattr(module, "ANSWER_WITHIN_S", -1)
    done = CliRunner().invoke(demo, ["--bundle", str(whole.folder), "--hosts", "2"])
    assert isinstance(done.exception, KbootError)
    assert done.exception.code == Code.DEMO_PAGE
    assert "http://10.77.0.11:30080" in done.exception.evidence
    assert "kboot status -i kboot-demo.yaml" in done.exception.advice
