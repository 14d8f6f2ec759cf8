"""Every command has a manual page, and each of them is one that man(1) can read."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bootstrap.cli.exit_pages import exit_codes
from bootstrap.cli.pipes import PIPE_CLOSED
from bootstrap.cli.root import kboot
from bootstrap.model.exit_code import ExitCode
from bootstrap.show import started
from tests.unit.cli.tree import every_command

COMMANDS = every_command()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages, written by the command."""
    made = tmp_path_factory.mktemp("man") / "man1"
    done = CliRunner().invoke(kboot, ["man", "--to", str(made)])
    assert done.exit_code == 0
    return made


def test_there_is_a_page_for_each_command_and_one_for_kboot(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "kboot.1", *(f"kboot-{words.replace(' ', '-')}.1" for words in COMMANDS)
    }  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_a_page_says_what_help_says(words: str, folder: Path) -> None:
    page = (folder / f"kboot-{words.replace(' ', '-')}.1").read_text()
    plain = page.replace("\\-", "-")
    assert page.startswith('.TH "KBOOT-')
    assert "\b" not in page
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "EXIT STATUS", "SEE ALSO"):
        assert f"\n.SH {section}\n" in page
    for option in COMMANDS[words].params:
        hidden = getattr(option, "hidden", False)
        assert all((long in plain) or hidden for long in option.opts if long.startswith("--"))


def test_no_line_is_taken_for_a_macro_that_is_none(folder: Path) -> None:
    lines = [line for path in folder.iterdir() for line in path.read_text().splitlines() if line[:1] in {".", "'"}]
    assert {line.split()[0] for line in lines} == {".TH", ".SH", ".PP", ".TP", ".B", ".nf", ".fi"}


def test_help_is_asked_for_as_the_command_itself_takes_it(folder: Path) -> None:
    assert ".B \\-h, \\-\\-help\n" in (folder / "kboot-up.1").read_text()
    assert ".B \\-\\-help\n" in (folder / "kboot-kubectl.1").read_text()


def test_one_page_is_printed() -> None:
    shown = CliRunner().invoke(kboot, ["man", "bundle", "build"])
    assert re.match(r'\.TH "KBOOT-BUNDLE-BUILD" "1" "\d{4}-', shown.output)
    assert CliRunner().invoke(kboot, ["man", "bundel"]).exit_code == 2


def test_the_table_of_exit_codes_is_the_codes() -> None:
    assert set(exit_codes()) == {*map(int, ExitCode), PIPE_CLOSED}


def test_what_is_printed_as_a_command_is_known_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(started, "program", lambda: "python3 -m bootstrap")
    for name in {words.split()[0] for words in COMMANDS}:
        assert started.as_typed(f"`kboot {name}`") == f"`python3 -m bootstrap {name}`"


def test_an_argument_without_words_of_its_own_is_no_empty_entry(folder: Path) -> None:
    assert ".TP\n.B [FILE]" not in (folder / "kboot-inventory-check.1").read_text()
    assert all("\n\n" not in page.read_text() for page in folder.iterdir())
