"""A plan on the screen and as a document."""

import io
import json

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from bootstrap.model.action import WriteFile
from bootstrap.model.decision import Change, Satisfied, Waiting
from bootstrap.model.plan import Plan, Planned
from bootstrap.model.report import HostResult, HostStatus
from bootstrap.model.text import Secret, text
from bootstrap.show.console import print_lines
from bootstrap.show.diff import file_diff
from bootstrap.show.plan_text import plan_lines
from bootstrap.show.record import plan_document
from tests.unit.show.scene import TOKEN, SwapOff, plan, row


class Looks(SwapOff):
    """A check."""

    can_act = False


def printed(shown: Plan, *, verbose: bool = False) -> str:
    """As a file would get it."""
    stream = io.StringIO()
    print_lines(Console(file=stream, width=80), plan_lines(shown, "Plan of up", verbose=verbose))
    return stream.getvalue()


@pytest.mark.parametrize("verbose", [False, True], ids=["short", "verbose"])
def test_a_plan_reads_like_this(verbose: bool, snapshot: SnapshotAssertion) -> None:
    assert printed(plan(), verbose=verbose) == snapshot


def test_a_plan_as_a_document_holds_every_row(snapshot: SnapshotAssertion) -> None:
    document = plan_document(plan(), 6, "kboot", "up")
    assert len(document["rows"]) == 9
    assert json.dumps(document, indent=1) == snapshot


def test_a_plan_without_changes_says_so_in_its_last_line() -> None:
    shown = printed(Plan((Planned(row(SwapOff, "cp1"), Satisfied()),)))
    assert shown.splitlines()[-1] == "Nothing to change: 1 state holds."


def test_a_plan_of_checks_alone_promises_nothing_of_what_would_change() -> None:
    """`inventory check --hosts`: the checks hold, and `up` changes much."""
    shown = printed(Plan((Planned(row(Looks, "cp1"), Satisfied()),)))
    assert shown.splitlines()[-1] == "Nothing is in the way: 1 state holds."


def test_a_plan_that_reached_no_host_claims_nothing_of_their_states() -> None:
    fallen = HostResult("cp1", HostStatus.UNREACHABLE, "no answer")
    waits = Planned(row(SwapOff, "cp1"), Waiting("cp1 is out of this run"))
    for rows in ((), (waits,)):
        shown = printed(Plan(rows, (("cp1", "no answer"),), (fallen,)))
        assert shown.splitlines()[-1] == "No host could be logged in to: nothing was asked, and nothing was changed."
    holds = Planned(row(SwapOff, "w1"), Satisfied())
    some = Plan((holds,), (("cp1", "no answer"),), (fallen, HostResult("w1", HostStatus.REACHED)))
    assert printed(some).splitlines()[-1] == "Nothing to change on hosts that answered: 1 state holds."


def test_a_remark_is_shown_before_the_last_line_whatever_is_asked_for() -> None:
    rows = tuple(Planned(row(SwapOff, host), Satisfied(remark="no firewall on this host")) for host in ("w1", "w2"))
    for verbose in (False, True):
        assert printed(Plan(rows), verbose=verbose).splitlines()[-2:] == [
            "! w1, w2: no firewall on this host",
            "Nothing to change: 2 states hold.",
        ]
    assert "✓ swap-off                     w1, w2  no firewall" in printed(Plan(rows), verbose=True)


def test_no_secret_stands_in_a_plan() -> None:
    document = json.dumps(plan_document(plan(), 0, "kboot", "up"))
    for shown in (printed(plan(), verbose=True), document):
        assert TOKEN.value not in shown
        assert "<join-token>" in shown


def test_hosts_with_the_same_decision_share_one_entry() -> None:
    assert "w1, w2  swap is used" in printed(plan())


def test_old_lines_of_a_private_file_are_not_shown() -> None:
    action = WriteFile("/root/.kube/config", text("a: 1\nb: 2\n"), mode=0o600, before="a: 1\nkey: s3cret\n")
    assert "s3cret" not in "\n".join(file_diff(action))
    assert " a: 1" in list(file_diff(action))


def test_what_is_private_on_the_host_is_not_shown_whatever_mode_the_file_gets() -> None:
    old, new = Secret("a: 1\nkey: s3cret\nb: 2\n"), text("a: 1\n", Secret("key: s3cret"), "\n# b: 2\n")
    shown = list(file_diff(WriteFile("/etc/fstab", new, mode=0o640, before=old)))
    assert shown[3:] == [" a: 1", " •••", "-•••", "+# b: 2"]


def test_a_long_text_is_cut_unless_all_of_it_is_wanted() -> None:
    lines = "".join(f"line {number}\n" for number in range(100))
    long = Plan((Planned(row(SwapOff, "w1"), Change("write", (WriteFile("/etc/long", text(lines)),))),))
    assert "more lines; -v shows them" in printed(long)
    assert "line 99" not in printed(long)
    assert "line 99" in printed(long, verbose=True)
