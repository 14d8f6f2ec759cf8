"""A fact reads whatever a host may print, and never raises."""

import pytest

from bootstrap.model.answer import Absent, Answer, Known, Unreadable
from bootstrap.model.fact import Fact, Facts, NotAskedError, Output, Question


def number(output: Output) -> Answer[int]:
    return Absent("none") if output.exit_code == 1 else Known(int(output.stdout))


NUMBER = Fact("number", "echo 7", number, answers=frozenset({0, 1}))


def test_an_exit_code_that_is_an_answer_is_parsed() -> None:
    assert NUMBER.read(Output(0, "7\n")) == Known(7)
    assert NUMBER.read(Output(1, "")) == Absent("none")


def test_another_exit_code_is_unreadable_with_the_last_line_of_stderr() -> None:
    assert NUMBER.read(Output(2, "7", "first\nlast\n")) == Unreadable("number: exit code 2 last")


@pytest.mark.parametrize("stdout", ["", "x", "7 8"])
def test_what_the_parser_cannot_read_is_unreadable(stdout: str) -> None:
    assert isinstance(NUMBER.read(Output(0, stdout)), Unreadable)


def test_facts_are_equal_by_name_and_script_alone() -> None:
    assert Fact("number", "echo 7", lambda _: Known(8)) == NUMBER
    assert Fact("number", "echo 8", number) != NUMBER


def test_a_fact_that_was_not_asked_is_a_bug_in_the_step() -> None:
    facts = Facts({Question("w1", NUMBER): Known(7)})
    assert facts("w1", NUMBER) == Known(7)
    with pytest.raises(NotAskedError, match="number was not asked of w2"):
        facts("w2", NUMBER)
