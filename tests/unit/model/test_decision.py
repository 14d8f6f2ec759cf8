"""Several decisions about one state are one: the strongest."""

from bootstrap.model.action import RemoveFile
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting, strongest

BLOCKED = Blocked(Code.INTERNAL, "no", "do")
LATER = Later("other", "then")
WAITING = Waiting("the disk")
CHANGE = Change("remove", (RemoveFile("/a"),))


def test_blocked_stands_before_later_before_waiting_before_change_before_satisfied() -> None:
    order: list[Decision] = [BLOCKED, LATER, WAITING, CHANGE, Satisfied("fine")]
    for at, expected in enumerate(order):
        assert strongest(reversed(order[at:])) == expected


def test_changes_are_joined_in_order() -> None:
    joined = strongest([CHANGE, Satisfied(), Change("and that", (RemoveFile("/b"),))])
    assert joined == Change("remove; and that", (RemoveFile("/a"), RemoveFile("/b")))


def test_waits_and_notes_are_listed() -> None:
    assert strongest([WAITING, Waiting("apt")]) == Waiting("the disk; apt")
    assert strongest([Satisfied("a"), Satisfied(), Satisfied("b")]) == Satisfied("a; b")


def test_remarks_are_kept_one_a_line() -> None:
    said = [Satisfied(remark="no firewall"), Satisfied("fine"), Satisfied("so", "w9 is no host")]
    assert strongest(said) == Satisfied("fine; so", "no firewall\nw9 is no host")


def test_of_nothing_everything_holds() -> None:
    assert strongest([]) == Satisfied()
