"""The mirror's own process: begun, found, ended."""

import fcntl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.lab import daemon, mirror
from bootstrap.lab.mirror import MirrorState, start_mirror, stop_mirror
from bootstrap.lab.state import LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError


@pytest.fixture
def state(lab: LabState) -> MirrorState:
    lab.folder.mkdir(parents=True)
    return MirrorState(lab)


@pytest.fixture
def running(state: MirrorState) -> Iterator[MirrorState]:
    """This very process holds the mirror's lock."""
    with state.lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield state


def test_a_mirror_without_its_labs_network_does_not_come_up_and_says_why(state: MirrorState, tmp_path: Path) -> None:
    state.ready.touch()  # of a mirror that was killed
    with pytest.raises(KbootError, match="the lab's mirror does not come up") as failed:
        start_mirror(state.lab, tmp_path)
    assert failed.value.code == Code.LAB_COMMAND_FAILED
    assert f"No such file or directory: '{state.lab.netns}'" in failed.value.evidence
    assert not daemon.lives(state.lock)


def test_a_mirror_that_serves_is_left_alone(running: MirrorState, tmp_path: Path) -> None:
    running.ready.touch()
    start_mirror(running.lab, tmp_path)
    assert not running.log.exists(), "nothing was started"


def test_a_mirror_that_lives_and_never_serves_is_given_up(
    running: MirrorState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "FILL_TIMEOUT_S", 0.05)
    running.log.write_text("level=error msg=1\nlevel=error msg=2\n")
    with pytest.raises(KbootError) as failed:
        start_mirror(running.lab, tmp_path)
    assert failed.value.evidence.endswith("msg=2")


def test_a_second_mirror_of_the_same_lab_ends_and_leaves_the_first_alone(
    running: MirrorState, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.ready.touch()
    monkeypatch.setattr(daemon, "LOOKED_AT_S", 0.05)
    monkeypatch.setattr(sys, "argv", ["mirror", str(running.lab.folder), "/nowhere"])
    mirror.main()
    assert running.ready.exists()


def test_where_no_mirror_runs_there_is_none_to_stop(state: MirrorState) -> None:
    stop_mirror(state.lab)


def test_a_mirror_that_does_not_end_is_told(running: MirrorState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "END_TIMEOUT_S", 0.05)
    with pytest.raises(KbootError) as left:
        stop_mirror(running.lab)
    assert left.value.code == Code.LAB_LEFTOVER
