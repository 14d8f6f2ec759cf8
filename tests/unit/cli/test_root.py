"""The command tree: what a listing shows is what is there, and nothing is imported before it is needed."""

import io
import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from bootstrap import __version__
from bootstrap.cli import main
from bootstrap.cli.boundary import guarded
from bootstrap.cli.root import COMMANDS, kboot

HEAVY = ("fabric", "paramiko", "invoke", "pydantic", "rich", "yaml", "tenacity", "filelock", "platformdirs")


def test_help_lists_every_command_without_importing_one() -> None:
    shown = CliRunner().invoke(kboot, ["--help"]).output
    for name, entry in COMMANDS.items():
        assert name in shown
        assert entry.summary in shown


def test_a_mistyped_command_is_a_usage_error_with_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["join-wrokers"]) == 2
    assert "Did you mean 'join-workers'?" in capsys.readouterr().err


def test_a_command_that_resembles_none_is_refused_without_a_guess(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["zzz"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["version"], ["--help"]], ids=" ".join)
def test_starting_imports_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from bootstrap.cli.boundary import guarded; from bootstrap.cli.root import kboot\n"
        f"code = guarded(kboot, {arguments!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stderr.strip() == "[]"


def test_version_names_itself_and_the_kubernetes_versions_it_knows() -> None:
    assert CliRunner().invoke(kboot, ["version"]).output.startswith(f"kboot {__version__} (Python ")
    known = json.loads(CliRunner().invoke(kboot, ["version", "-o", "json"]).output)
    assert known["kboot"] == __version__
    assert known["kubernetes"][0] == "1.36.3"


def calls(name: str) -> list[tuple[str, ...]]:
    """The words that call a command; for a group one call per member."""
    context = click.Context(kboot)
    command = kboot.get_command(context, name)
    members = command.list_commands(context) if isinstance(command, click.Group) else []
    return [(name, member) for member in members] or [(name,)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_page_with_an_example(name: str) -> None:
    for words in calls(name):
        shown = CliRunner().invoke(kboot, [*words, "--help"])
        assert shown.exit_code == 0
        assert shown.output.startswith("Usage: kboot " + words[0])
        assert "Example: " in shown.output or name in {"lab", "bundle"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_listing_opens_the_commands_own_help(name: str) -> None:
    command = kboot.get_command(click.Context(kboot), name)
    assert command is not None
    assert command.help


def test_a_terminal_without_unicode_gets_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "argv", ["kboot", "version"])
    with pytest.raises(SystemExit):
        main()
    screen.write("✓")
    screen.seek(0)
    assert screen.read().endswith("?")


def test_the_version_is_told_the_usual_way_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["--version"]) == 0
    assert capsys.readouterr().out == f"kboot {__version__}\n"
