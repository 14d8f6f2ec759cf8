"""`kboot explain`, and what every code and step must have."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import bootstrap
from bootstrap.cli.boundary import guarded
from bootstrap.cli.code_pages import areas, explanations, raised_in
from bootstrap.cli.error_pages import error_pages
from bootstrap.cli.exit_pages import exit_codes
from bootstrap.cli.pages import names, page
from bootstrap.cli.root import kboot
from bootstrap.model.codes import Code
from bootstrap.model.exit_code import ExitCode
from bootstrap.steps import REGISTRY

# A code is never reused, and its page stays for those who read an old log.
NO_LONGER_RAISED = {Code.ACT_IN_FLIGHT}


def test_a_steps_page_is_its_own_docstring_and_place() -> None:
    shown = CliRunner().invoke(kboot, ["explain", "swap-off"]).output
    assert shown.splitlines()[0] == "swap-off"
    assert "No swap is in use" in shown
    assert "acts" in shown


def test_a_codes_page_says_what_it_means_and_who_says_it() -> None:
    shown = CliRunner().invoke(kboot, ["explain", "kb1103"]).output
    assert shown.startswith("KB1103 (reaching hosts)")
    assert "kboot hosts trust" in shown


@pytest.mark.parametrize("words", [["8"], ["exit-8"], ["exit code 8"], ["exit", "code", "8"], ["exited with code 8"]])
def test_an_exit_code_has_a_page(words: list[str]) -> None:
    shown = CliRunner().invoke(kboot, ["explain", *words]).output
    assert shown.startswith("exit code 8: some hosts are done, others not")


@pytest.mark.parametrize("line", ["Last State: Terminated  Exit Code: 1", "exit status 1", "exited with exit code 137"])
def test_another_programs_exit_code_is_not_explained_as_kboots(line: str) -> None:
    assert "exit code 1: " not in CliRunner().invoke(kboot, ["explain", line]).output
    assert "exit-1" not in CliRunner().invoke(kboot, ["explain", "-"], input=f"{line}\n").output


@pytest.mark.parametrize("words", [["exit-codes"], ["exit", "codes"], ["exit-code"]])
def test_the_exit_codes_have_a_page_of_all(words: list[str]) -> None:
    shown = CliRunner().invoke(kboot, ["explain", *words]).output
    assert all(f"  {int(code):<4} " in f"{shown}" for code in ExitCode)


@pytest.mark.parametrize("code", ExitCode)
def test_an_exit_code_that_no_command_ends_with_is_listed_as_such(code: ExitCode) -> None:
    package = Path(bootstrap.__file__).parent
    used = any(f"ExitCode.{code.name}" in file.read_text() for file in package.rglob("*.py"))
    assert ("no command" in exit_codes()[code]["short"]) is not used


@pytest.mark.parametrize("word", ["99", "15"])
def test_a_number_that_is_no_exit_code_is_not_explained_as_one(word: str) -> None:
    assert not CliRunner().invoke(kboot, ["explain", word]).output.startswith("exit code")


def test_a_word_that_is_neither_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["explain", "kubelet-runing"]) == 2
    assert 'did you mean "kubelet-running"?' in capsys.readouterr().err


def test_without_a_word_it_lists_all() -> None:
    shown = CliRunner().invoke(kboot, ["explain"]).output
    assert all(step.name() in shown for step in REGISTRY)
    assert all(code in shown for code in Code)
    assert all(one.page.name in shown for one in error_pages())


def test_a_page_is_a_document_too() -> None:
    page = json.loads(CliRunner().invoke(kboot, ["explain", "swap-off", "-o", "json"]).output)
    assert page["heading"] == "swap-off"
    assert page["facts"]["acts"] == ["yes"]


@pytest.mark.parametrize("step", REGISTRY, ids=lambda step: step.name())
def test_every_step_says_what_is_true_when_it_holds(step: object) -> None:
    assert (type(step).__doc__ or "").strip()


def test_every_code_has_its_paragraph_and_no_other_has() -> None:
    assert set(explanations()) == set(Code)


@pytest.mark.parametrize("name", names())
def test_every_page_has_its_five_parts_and_nothing_else_says_them(name: str) -> None:
    shown = page(name)
    assert shown is not None
    assert all((shown.means, shown.why, shown.does, shown.type, shown.source)), shown


def test_every_code_can_be_raised_but_those_of_earlier_versions() -> None:
    assert {code for code in Code if not raised_in(code)} == NO_LONGER_RAISED
    assert {code[:4] for code in Code} == set(areas())


def test_completion_is_a_script_of_each_shell() -> None:
    for shell in ("bash", "zsh", "fish"):
        shown = CliRunner().invoke(kboot, ["completion", shell])
        assert shown.exit_code == 0
        assert "_KBOOT_COMPLETE" in shown.output


def test_a_tab_imports_no_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from bootstrap.cli.completion import completed

    monkeypatch.setenv("_KBOOT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "kboot ini")
    monkeypatch.setenv("COMP_CWORD", "1")
    monkeypatch.setattr(type(kboot), "get_command", lambda *_: pytest.fail("a command was imported"))
    assert completed(kboot) == 0
    assert capsys.readouterr().out == "plain,init-master\n"


def test_a_command_is_no_page_and_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["explain", "init-master"]) == 2
    assert "it is a command: `kboot init-master --help`" in capsys.readouterr().err
    assert guarded(kboot, ["explain", "up"]) == 0
    assert capsys.readouterr().out.endswith("up: it is a command: `kboot up --help`; `kboot plan up` shows its steps\n")
