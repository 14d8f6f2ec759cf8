"""Bytes on their way to a host: how much of how much, how fast, how long still."""

import pytest

from bootstrap.model.event import ActStarted, BlobSent
from bootstrap.show.board import Board, advance
from bootstrap.show.flow import Flow
from tests.unit.show.scene import ContainerdInstalled, row

MB = 1_000_000
ROW = row(ContainerdInstalled, "w1", "runtime")


def flowing(seconds: float, rate: int, total: int, *, start: int = 0) -> Flow:
    """A file that goes at this rate, told of four times a second, from `start` on."""
    flow = Flow()
    for tick in range(round(seconds * 4) + 1):
        flow = flow.after("f", start + tick * rate // 4, total, tick / 4)
    return flow


def test_rate_and_time_left_are_of_the_last_seconds() -> None:
    assert flowing(8, 10 * MB, 200 * MB).words(8.0) == "sending 80.0 MB of 200.0 MB, 10.0 MB/s, 12 s left"


def test_in_a_column_of_22_what_tells_most_stands_first() -> None:
    assert flowing(8, 10 * MB, 480 * MB).brief(8.0) == "80/480 MB 10 MB/s 40 s"
    assert flowing(8, 9 * MB, 90 * MB).brief(8.0) == "72/90 MB 9.0 MB/s 2 s"
    assert flowing(8, 2 * MB, 480 * MB).brief(8.0) == "16/480 MB 2.0 MB/s 3 m 52 s"
    assert Flow().after("f", MB, 9 * MB, 1.0).brief(1.1) == "1/9 MB"


def test_no_rate_before_anybody_can_know_it() -> None:
    assert Flow().after("f", MB, 9 * MB, 1.0).words(1.1) == "sending 1.0 MB of 9.0 MB"


def test_what_was_there_before_did_not_travel() -> None:
    assert flowing(2, 10 * MB, 500 * MB, start=300 * MB).rate(2.0) == pytest.approx(10 * MB)


def test_a_link_that_stands_still_loses_its_rate() -> None:
    flow = flowing(4, 10 * MB, 100 * MB)
    assert flow.rate(6.0) < 8 * MB
    assert flow.words(60.0) == "sending 40.0 MB of 100.0 MB"


def test_an_upload_that_begins_anew_counts_nothing_twice() -> None:
    flow = flowing(2, 10 * MB, 100 * MB)
    assert flow.after("f", 0, 100 * MB, 2.5).moved == flow.moved


def test_a_row_with_several_files_is_one_flow_and_its_act_is_told_once_all_is_there() -> None:
    board = advance(Board(), BlobSent(ROW, "a", 5 * MB, 10 * MB, 0, 40 * MB), 0.0)
    for second, (name, sent, before) in enumerate([("a", 10, 0), ("b", 10, 10), ("b", 20, 10)], start=1):
        board = advance(board, BlobSent(ROW, name, sent * MB, 30 * MB, before * MB, 40 * MB), float(second))
    line = board.targets["w1"]
    assert line.told(3.0).startswith("sending 30.0 MB of 40.0 MB, 5.0 MB/s, ")
    assert line.since_s == 0.0
    assert board.rate(3.0) == pytest.approx(5 * MB)
    board = advance(board, BlobSent(ROW, "b", 30 * MB, 30 * MB, 10 * MB, 40 * MB), 4.0)
    assert (board.targets["w1"].flow, board.rate(4.0)) == (None, 0)
    assert advance(board, ActStarted(ROW, "2 packages"), 5.0).targets["w1"].told(5.0) == "2 packages"
