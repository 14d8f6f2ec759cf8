"""Processes that outlive their command: who holds the lock lives, and nobody else."""

import fcntl
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.lab import daemon


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "some.lock"


@pytest.fixture
def held(lock: Path) -> Iterator[Path]:
    """A lock that this very process holds, with no process id in it yet."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield lock


def test_a_lock_file_that_a_killed_daemon_left_is_no_daemon(lock: Path) -> None:
    lock.write_text("4711\n")
    assert not daemon.lives(lock)
    assert daemon.end(lock)


def test_where_there_never_was_one_there_is_nothing_to_end(lock: Path) -> None:
    assert daemon.end(lock)


def test_a_daemon_writes_its_number_where_an_older_and_longer_one_stands(lock: Path) -> None:
    lock.write_text("123456789012345\n")
    assert daemon.hold(lock)
    assert lock.read_text() == f"{os.getpid()}\n"
    assert daemon.lives(lock)


def test_a_second_daemon_does_not_get_the_lock_and_leaves_the_firsts_number(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "LOOKED_AT_S", 0.05)
    held.write_text("4711\n")
    assert not daemon.hold(held)
    assert held.read_text() == "4711\n"


def test_who_looks_for_a_moment_keeps_no_daemon_from_its_lock(lock: Path) -> None:
    lock.touch()
    looking = lock.open()
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.1, looking.close).start()
    assert daemon.hold(lock)


def test_a_daemon_that_has_not_written_its_number_yet_is_sent_no_signal(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "END_TIMEOUT_S", 0.05)
    assert not daemon.end(held), "signal 15 to process 0 would have ended this test with its group"


def test_a_process_that_is_gone_is_no_error() -> None:
    assert not daemon.send(2**22 + 1, 15), "proc(5): no process has so high a number"


def test_a_daemon_that_ends_at_once_is_not_waited_for(lock: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    daemon.start("bootstrap.lab.no_such_module", (), lock=lock, log=tmp_path / "log")
    assert time.monotonic() - started < daemon.START_TIMEOUT_S / 2
    assert "No module named bootstrap.lab.no_such_module" in (tmp_path / "log").read_text()


def test_what_it_says_goes_to_the_end_of_its_log(lock: Path, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("of the last time\n")
    daemon.start("bootstrap.lab.no_such_module", (), lock=lock, log=tmp_path / "log")
    assert (tmp_path / "log").read_text().startswith("of the last time\n" + sys.executable)
