"""Programs that a build starts, and how their failure is told."""

import signal
import time
from pathlib import Path

import pytest

from bootstrap.bundle.make.command import follow, output_of
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.programs import put


def _ignored(_line: str) -> None:
    """Nobody listens."""


def test_what_it_prints_is_returned_in_english_and_with_the_given_environment() -> None:
    assert output_of(["sh", "-c", "echo $LC_ALL $MORE"], env={"MORE": "more"}) == "C.UTF-8 more\n"


@pytest.mark.parametrize("argv", [["no-such-program-of-kboot"], ["sleep", "20"]], ids=["missing", "late"])
def test_a_program_that_is_missing_or_late_is_one_error_with_its_command(argv: list[str]) -> None:
    with pytest.raises(KbootError) as failed:
        output_of(argv, timeout_s=0.05)
    assert failed.value.code == Code.BUNDLE_COMMAND_FAILED
    assert failed.value.evidence.startswith(f"$ {' '.join(argv)}\n")


@pytest.mark.parametrize("long", [False, True])
def test_a_failure_shows_the_last_lines_of_what_was_said(long: bool) -> None:
    argv = ["sh", "-c", "seq 30; echo 'no space left' >&2; exit 1"]
    with pytest.raises(KbootError) as failed:
        follow(argv, _ignored) if long else output_of(argv)
    shown = failed.value.evidence.splitlines()
    assert shown[-1] == "no space left"
    assert "16" not in shown
    assert "17" in shown


def test_each_line_of_a_long_program_is_handed_on_while_it_runs(tmp_path: Path) -> None:
    heard: list[str] = []

    def hear(line: str) -> None:
        heard.append(line)
        (tmp_path / line).touch()

    follow(["sh", "-c", "echo one; until [ -e one ]; do sleep 0.01; done; echo two"], hear, cwd=tmp_path)
    assert heard == ["one", "two"]


def test_a_long_program_is_killed_at_its_deadline() -> None:
    with pytest.raises(KbootError) as failed:
        follow(["sh", "-c", "echo begun; exec sleep 20"], _ignored, timeout_s=1)
    assert failed.value.evidence.endswith("begun")


def test_ctrl_c_ends_the_program_too(programs: Path) -> None:
    put(programs, "compiler", f'trap "touch {programs}/ended; exit" TERM; echo go; while :; do sleep 0.02; done')

    def interrupt(_line: str) -> None:
        signal.raise_signal(signal.SIGINT)

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        follow(["compiler"], interrupt)
    assert (programs / "ended").exists()
    assert time.monotonic() - started < 10
