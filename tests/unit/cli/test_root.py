"""The command tree: what a listing shows is what is there, and nothing is imported before it is needed."""

import inspect
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

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
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.strip() == "[]"


def test_version_names_itself_and_the_kubernetes_versions_it_knows() -> None:
    assert CliRunner().invoke(kboot, ["version"]).output.startswith(f"kboot {__version__} (Python ")
    known = json.loads(CliRunner().invoke(kboot, ["version", "-o", "json"]).output)
    assert known["kboot"] == __version__
    assert known["kubernetes"][0] == "1.36.3"


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it, groups and their members."""
    context = click.Context(kboot)
    for name in COMMANDS:
        command = kboot.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {word}", member) for word, member in command.commands.items())


ALL = dict(commands())
EXAMPLE = re.compile(r"Example: (?:\S*\$\(|sudo )?(?:kboot|python3 -m bootstrap) ([^>)]*)")


@pytest.mark.parametrize("words", ALL)
def test_every_command_has_a_help_page_that_ends_in_an_example(words: str) -> None:
    shown = CliRunner().invoke(kboot, [*words.split(), "--help"])
    assert shown.exit_code == 0
    assert shown.output.startswith(f"Usage: kboot {words} ")
    assert f"\n  Example: {example(words)}\n" in shown.output


@pytest.mark.parametrize("words", ALL)
def test_an_example_can_be_typed(words: str) -> None:
    found = EXAMPLE.match(f"Example: {example(words)}")
    assert found
    assert found[1].startswith(words)
    name, *rest = shlex.split(found[1])
    command = ALL[f"{name} {rest[0]}" if isinstance(ALL[name], click.Group) else name]
    with command.make_context(name, rest[1:] if isinstance(ALL[name], click.Group) else rest):
        pass


def example(words: str) -> str:
    """The command in the last line of a help text."""
    *_, blank, last = inspect.cleandoc(ALL[words].help or "").splitlines()
    assert (blank.strip("\b"), last.partition(" ")[0]) == ("", "Example:")
    return last.partition(" ")[2]


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


@pytest.mark.parametrize("group", ["inventory", "hosts", "addons", "kubeconfig", "lab", "bundle"])
def test_a_group_lists_whole_sentences(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, [group, "--help"]) == 0
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["inventory", "chek"], "No such command 'chek'. Did you mean 'check'?"),
        (["hosts", "list"], "No such command 'list'. There are: scan, trust."),
    ],
)
def test_a_mistyped_command_of_a_group(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("redirected", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(("words", "code"), [("version", 0), ("foo", 2)])
def test_a_closed_stream_is_no_error(redirected: str, words: str, code: int) -> None:
    script = f"import sys; sys.argv = ['kboot', {words!r}]; from bootstrap.cli import main; main()"
    line = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(script)} {redirected}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_full_disk_under_the_output_is_told_as_what_it_is() -> None:
    script = "import sys; sys.argv = ['kboot', 'version']; from bootstrap.cli import main; main()"
    line = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(script)} > /dev/full"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr == "kboot: the result could not be written: No space left on device\n"


def test_a_playbook_of_ones_own_is_named_by_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["run", "mine"]) == 2
    assert "kboot has init-master, join-workers, up, and no 'mine'; one of your own is named by path: ./mine.yaml" in (
        capsys.readouterr().err
    )
