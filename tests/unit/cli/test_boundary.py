"""The error boundary: every end of a command becomes words on stderr and one exit code."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bootstrap.cli.boundary import guarded
from bootstrap.cli.options import Screen, screen_options
from bootstrap.cli.pipes import PIPE_CLOSED
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


def command_that(does: object) -> click.Command:
    """A command with the shared options that calls `does`, or raises it."""

    @click.command()
    @screen_options()
    def probe(screen: Screen) -> object:
        if isinstance(does, BaseException):
            raise does
        return does() if callable(does) else does

    return probe


def test_what_a_command_returns_is_its_exit_code() -> None:
    assert guarded(command_that(ExitCode.PENDING), []) == 10
    assert guarded(command_that(None), []) == 0


def test_a_usage_error_exits_2_and_names_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(command_that(None), ["--colour"]) == 2
    assert "--colour" in capsys.readouterr().err


def test_an_error_is_told_in_four_parts_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    error = KbootError(
        Code.UNREACHABLE,
        "no SSH server answers",
        where="w1",
        evidence="connect: refused\nport 22",
        advice="ssh admin@10.0.0.2",
        exit_code=ExitCode.NO_HOST,
    )
    assert guarded(command_that(error), []) == 4
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        "kboot: KB1101 w1: no SSH server answers",
        "  | connect: refused",
        "  | port 22",
        "  next: ssh admin@10.0.0.2",
        "  more: kboot explain KB1101",
    ]


def test_with_json_an_error_is_a_document_on_stdout_too(capsys: pytest.CaptureFixture[str]) -> None:
    error = KbootError(Code.UNREACHABLE, "no answer", where="w1", exit_code=ExitCode.NO_HOST)
    guarded(command_that(error), ["-o", "json"])
    document = json.loads(capsys.readouterr().out)
    assert (document["kind"], document["code"], document["exitCode"]) == ("Error", "KB1101", 4)


def test_the_unexpected_is_one_line_and_its_traceback_goes_to_a_private_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert guarded(command_that(ZeroDivisionError("ops")), []) == 1
    printed = capsys.readouterr().err
    assert "KB0001" in printed
    assert "ZeroDivisionError: ops" in printed
    assert "Traceback" not in printed
    (kept,) = tmp_path.rglob("crashes/*.txt")
    assert "Traceback" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert str(kept) in printed


def test_with_v_the_traceback_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    guarded(command_that(ZeroDivisionError("ops")), ["-v"])
    assert "Traceback" in capsys.readouterr().err


def test_with_v_an_error_shows_what_caused_it(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks() -> None:
        try:
            _ = 1 // 0
        except ZeroDivisionError as error:
            raise KbootError(Code.INTERNAL, "a step could not be decided") from error

    guarded(command_that(breaks), [])
    assert "Traceback" not in capsys.readouterr().err
    guarded(command_that(breaks), ["-v"])
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_unexpected_is_told_even_when_no_file_can_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    assert guarded(command_that(ZeroDivisionError("ops")), []) == 1
    assert "-v" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=str
)
def test_a_signal_ends_with_128_and_its_number(number: signal.Signals, code: int) -> None:
    assert guarded(command_that(lambda: os.kill(os.getpid(), number)), []) == code


def test_a_run_that_stopped_in_order_after_sigterm_still_says_sigterm() -> None:
    def stops_in_order() -> ExitCode:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt:
            return ExitCode.INTERRUPTED
        raise AssertionError("the signal did not interrupt")

    assert guarded(command_that(stops_in_order), []) == 143


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    guarded(command_that(None), [])
    assert signal.getsignal(signal.SIGTERM) is before


ECHO = "[click.echo('x' * 999) for _ in range(999)]"
RICH = "console.print_lines(console.results(None), [Text('x' * 999)] * 999)"


@pytest.mark.parametrize("prints", [ECHO, RICH], ids=["click", "rich"])
def test_a_closed_pipe_ends_quietly(prints: str) -> None:
    script = (
        "import sys; from bootstrap.cli.boundary import guarded; import click\n"
        "from bootstrap.show import console; from rich.text import Text\n"
        f"command = click.Command('many', callback=lambda: {prints})\n"
        "sys.exit(guarded(command, []))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == PIPE_CLOSED
