"""The closing summary, and the report as a document."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from bootstrap.model.redact import Redactor
from bootstrap.model.report import Report, Result, Status
from bootstrap.show.console import print_lines
from bootstrap.show.record import report_document
from bootstrap.show.summary import Closing, summary_lines
from tests.unit.show.scene import TOKEN, NodesReady, SwapOff, report, row

CLOSING = Closing("kboot", "up", "kboot up", (("kboot kubectl get nodes", "the nodes"), ("kboot status", "what holds")))


def printed(shown: Report) -> str:
    """As a file would get it."""
    stream = io.StringIO()
    print_lines(Console(file=stream, width=80), summary_lines(shown, CLOSING), Redactor.of([TOKEN]))
    return stream.getvalue()


@pytest.mark.parametrize("failed", [False, True], ids=["done", "failed"])
def test_a_summary_reads_like_this(failed: bool, snapshot: SnapshotAssertion) -> None:
    assert printed(report(failed=failed)) == snapshot


def test_a_report_as_a_document(snapshot: SnapshotAssertion) -> None:
    assert json.dumps(report_document(report(failed=True), 8, "kboot"), indent=1) == snapshot


def test_a_run_that_changed_nothing_says_so() -> None:
    rows = tuple(replace(result, status=Status.OK) for result in report().rows)
    assert "nothing to change, 4 states hold" in printed(replace(report(), rows=rows))


def test_an_interrupted_run_says_how_to_go_on() -> None:
    shown = printed(replace(report(), interrupted=True))
    assert "interrupted after 2 m 41 s" in shown
    assert "Run it again to go on: kboot up" in shown


def test_evidence_that_holds_a_secret_is_masked_on_the_way_out() -> None:
    assert TOKEN.value not in printed(report(failed=True))


def test_a_remark_is_shown_once_with_everybody_whom_it_is_about() -> None:
    held = Result(row(SwapOff, "w1"), Status.OK, remark="no firewall on this host\nits clock is odd")
    others = (held, replace(held, row=row(SwapOff, "w2")), replace(held, row=row(NodesReady, "@cluster"), remark="x"))
    shown = printed(replace(report(), rows=(*others, *others))).splitlines()
    assert [line for line in shown if line.startswith("!")] == [
        "! w1, w2: no firewall on this host",
        "! w1, w2: its clock is odd",
        "! @cluster: x",
    ]


def test_one_problem_of_many_hosts_is_told_once() -> None:
    failed = report(failed=True).rows[2]
    many = replace(report(), rows=(failed,) * 100)
    assert printed(many).count("kubeadm join ended with 1") == 1
    assert "(100 in all)" in printed(many)
