"""design.md's table of exit codes, line by line."""

from dataclasses import replace

import pytest

from bootstrap.model.codes import Code
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.playbook import Row, rows
from bootstrap.model.report import HostResult, HostStatus, Report, Result, Status
from bootstrap.run import exit_code
from tests.unit.run.toys import BOOK, World

ROWS = {row.id: row for row in rows(BOOK, World().wanted)}
OK, CHANGED, FAILED, BLOCKED = Status.OK, Status.CHANGED, Status.FAILED, Status.BLOCKED
NOT_RUN, WAITING = Status.NOT_RUN, Status.WAITING


def row(step: str, target: str) -> Row:
    return ROWS[step, target]


def report(
    *ends: tuple[str, str, Status], hosts: dict[str, HostStatus] | None = None, interrupted: bool = False
) -> Report:
    stands = {"cp1": HostStatus.REACHED, "w1": HostStatus.REACHED, "w2": HostStatus.REACHED, **(hosts or {})}
    results = tuple(Result(row(step, target), status) for step, target, status in ends)
    return Report("up", results, tuple(HostResult(*one) for one in stands.items()), interrupted=interrupted)


ALL_OK = [("base", "cp1", OK), ("base", "w1", CHANGED), ("base", "w2", OK)]
DOWN, KEY, LOGIN, LOST = (
    HostStatus.UNREACHABLE,
    HostStatus.KEY_REFUSED,
    HostStatus.LOGIN_REFUSED,
    HostStatus.LOST,
)


@pytest.mark.parametrize(
    ("ends", "hosts", "code"),
    [
        (ALL_OK, {}, ExitCode.OK),
        ([*ALL_OK, ("swept", "@cluster", NOT_RUN)], {}, ExitCode.OK),
        (ALL_OK[:2], {"w2": DOWN}, ExitCode.PARTLY),
        (ALL_OK[:2], {"w2": KEY}, ExitCode.PARTLY),
        ([("base", "w2", NOT_RUN), ("all-joined", "@cluster", OK)], {"w2": DOWN}, ExitCode.PARTLY),
        ([("base", "cp1", NOT_RUN)], {"cp1": DOWN}, ExitCode.NO_HOST),
        ([("base", "cp1", NOT_RUN)], {"cp1": LOGIN}, ExitCode.NO_HOST),
        ([("base", "cp1", NOT_RUN)], {"cp1": KEY}, ExitCode.KEY_REFUSED),
        ([("base", "cp1", NOT_RUN)], {"cp1": DOWN, "w1": KEY, "w2": DOWN}, ExitCode.NO_HOST),
        ([("base", "cp1", FAILED), *ALL_OK[1:]], {"cp1": LOST}, ExitCode.PARTLY),
        ([("looked", "w1", BLOCKED), ("base", "w1", NOT_RUN), ("looked", "w2", OK)], {}, ExitCode.REFUSED),
        ([("looked", "w1", WAITING), ("base", "w1", NOT_RUN)], {}, ExitCode.REFUSED),
        ([("base", "w1", CHANGED), ("base", "w2", BLOCKED)], {}, ExitCode.PARTLY),
        ([("base", "w1", CHANGED), ("base", "w2", FAILED)], {}, ExitCode.PARTLY),
        ([("base", "cp1", FAILED), ("base", "w1", FAILED), ("base", "w2", FAILED)], {}, ExitCode.FAILED),
        ([*ALL_OK, ("token-live", "@cluster", FAILED)], {}, ExitCode.FAILED),
        ([*ALL_OK, ("all-joined", "@cluster", WAITING)], {}, ExitCode.VERIFICATION),
    ],
)
def test_the_table(ends: list[tuple[str, str, Status]], hosts: dict[str, HostStatus], code: ExitCode) -> None:
    assert exit_code(report(*ends, hosts=hosts)) is code


def waited(step: str, target: str, status: Status) -> Result:
    return Result(row(step, target), status, "still waiting", Code.NOT_SETTLED)


def ended(*results: Result) -> Report:
    hosts = tuple(HostResult(name, HostStatus.REACHED) for name in ("cp1", "w1", "w2"))
    return Report("up", results, hosts)


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ([], ExitCode.DEADLINE),
        ([Result(row("joined", "w1"), NOT_RUN)], ExitCode.DEADLINE),
        ([waited("all-joined", "@cluster", WAITING)], ExitCode.DEADLINE),
        ([Result(row("token-live", "@cluster"), FAILED, code=Code.ACT_FAILED)], ExitCode.FAILED),
        ([Result(row("ready", "w1"), CHANGED)], ExitCode.PARTLY),
    ],
)
@pytest.mark.parametrize("status", [WAITING, FAILED], ids=["before it acted", "after it acted"])
def test_a_deadline_that_passed_is_told_when_nothing_else_went_wrong(
    status: Status, others: list[Result], code: ExitCode
) -> None:
    assert exit_code(ended(waited("api", "cp1", status), *others)) is code


def test_what_is_blocked_after_an_act_was_not_refused_before_the_first_change() -> None:
    blocked = (Result(row("all-joined", "@cluster"), BLOCKED), Result(row("base", "w1"), OK))
    assert exit_code(ended(*blocked)) is ExitCode.REFUSED
    assert exit_code(replace(ended(*blocked), acted=True)) is ExitCode.PARTLY


@pytest.mark.parametrize(
    "others",
    [
        [],
        [Result(row("base", "w2"), CHANGED), Result(row("base", "cp1"), FAILED)],
        [Result(row("base", "w2"), BLOCKED)],
        [waited("api", "cp1", WAITING)],
    ],
)
@pytest.mark.parametrize("name", [("base", "w1"), ("all-joined", "@cluster")], ids=["acts", "only looks"])
def test_a_bug_in_a_step_is_told_before_all_that_came_of_it(name: tuple[str, str], others: list[Result]) -> None:
    assert exit_code(ended(Result(row(*name), FAILED, code=Code.INTERNAL), *others)) is ExitCode.INTERNAL


def test_an_interrupt_is_told_whatever_else_happened() -> None:
    assert exit_code(report(("base", "w1", FAILED), interrupted=True)) is ExitCode.INTERRUPTED
