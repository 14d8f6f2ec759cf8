"""A host whose /run is full: an act that could not be written whole never starts, and the report says why."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bootstrap.model.action import Run, WriteFile
from bootstrap.model.text import text
from bootstrap.run.eyes import Patience
from bootstrap.run.hands import Deed, Hands
from bootstrap.run.in_flight import Outcome
from bootstrap.run.ledger import Ledger
from bootstrap.transport.connection import Completed
from bootstrap.transport.local import Local
from tests.ssh.sshd import run

_DISK_BYTES = 1 << 20


class HostOn(Local):
    """This machine's shell as a host whose /run is another folder; its systemd-run only leaves a mark."""

    def __init__(self, folder: Path) -> None:
        super().__init__("w1")
        self._run = folder / "run"
        self.started = folder / "started"
        (folder / "bin").mkdir()
        fake = folder / "bin" / "systemd-run"
        fake.write_text(f"#!/bin/sh\ntouch {self.started}\n")
        fake.chmod(0o755)
        self._path = f"PATH={fake.parent}:$PATH\n"

    def run(
        self, script: str, *, timeout_s: float, root: bool = True, on_stderr: Callable[[str], None] | None = None
    ) -> Completed:
        there = self._path + script.replace("/run/kboot", f"{self._run}/kboot")
        return super().run(there, timeout_s=timeout_s, root=root, on_stderr=on_stderr)

    def act(self, *actions: Run | WriteFile) -> Outcome:
        acting = Hands("w1", self, Ledger(), Patience(reconnect_s=0.2, pause_s=0.01))
        return acting.act(Deed(actions, {}, lambda _digest: Path("/nowhere")))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[HostOn]:
    """Its /run has room for one megabyte."""
    (tmp_path / "run").mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(tmp_path / "run"))
    yield HostOn(tmp_path)
    run("umount", str(tmp_path / "run"))


def test_an_act_that_does_not_fit_never_starts_and_leaves_nothing(host: HostOn, tmp_path: Path) -> None:
    outcome = host.act(WriteFile("/x/big", text("x" * 2 * _DISK_BYTES)), Run(("true",)))
    assert outcome.state == "failed"
    assert "No space left on device" in outcome.evidence
    assert not host.started.exists()
    assert os.listdir(tmp_path / "run" / "kboot") == []


def test_a_script_that_was_cut_by_a_full_disk_is_not_run(host: HostOn, tmp_path: Path) -> None:
    (tmp_path / "run" / "log").write_bytes(b"x" * (_DISK_BYTES - 3 * 4096))  # two pages are left, and a folder
    outcome = host.act(*(Run(("echo", str(number) * 400)) for number in range(50)))
    assert outcome.state == "failed"
    assert "No space left on device" in outcome.evidence
    assert not host.started.exists()


def test_a_run_folder_that_cannot_be_made_is_said_so(host: HostOn, tmp_path: Path) -> None:
    (tmp_path / "run" / "kboot").touch()
    outcome = host.act(Run(("true",)))
    assert outcome.state == "failed"
    assert "File exists" in outcome.evidence or "Not a directory" in outcome.evidence


def test_a_host_without_a_scratch_folder_is_a_failed_act_and_not_a_lost_one(host: HostOn, tmp_path: Path) -> None:
    run("mount", "-o", "remount,ro", str(tmp_path / "run"))
    outcome = host.act(Run(("true",)))
    assert outcome.state == "failed"
    assert "Read-only file system" in outcome.evidence
    assert not host.started.exists()
