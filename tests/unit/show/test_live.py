"""Progress: the live table at two widths, plain lines, the heartbeat, JSON lines, the journal."""

import io
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from bootstrap.model.event import (
    ActStarted,
    BlobSent,
    Event,
    HostConnecting,
    HostSeen,
    HostWaiting,
    RowDecided,
    RowEnded,
    RowWaiting,
    RunEnded,
    RunStarted,
)
from bootstrap.model.redact import Redactor
from bootstrap.model.report import HostResult, HostStatus, Result, Status
from bootstrap.show.board import Board, advance
from bootstrap.show.fan_out import FanOut
from bootstrap.show.json_lines import JsonLines, open_journal
from bootstrap.show.live import LiveTable, shortened
from bootstrap.show.plain import PlainLines
from bootstrap.show.telling import ended
from tests.unit.show.scene import (
    INSTALL,
    TOKEN,
    ContainerdInstalled,
    NodesReady,
    SwapOff,
    WorkerJoined,
    report,
    row,
)

ROWS = (
    *(row(step, host) for step in (SwapOff, ContainerdInstalled, WorkerJoined) for host in ("cp1", "w1", "w2")),
    row(NodesReady, "@cluster", "cluster"),
)


def story() -> list[tuple[float, Event]]:
    """A run half way: cp1 installs, w1 has failed, w2 is not there."""
    install = row(ContainerdInstalled, "cp1", "runtime")
    return [
        (0.0, RunStarted("up", "run-1", ROWS)),
        (0.1, HostConnecting("cp1")),
        (0.2, HostConnecting("w2")),
        (0.25, HostWaiting("cp1", "the end of an act in flight")),
        (0.3, HostSeen(HostResult("cp1", HostStatus.REACHED))),
        (3.0, HostSeen(HostResult("w2", HostStatus.UNREACHABLE, "connect: refused", "is sshd up?"))),
        (3.1, RowEnded(Result(row(SwapOff, "cp1"), Status.OK))),
        (3.2, RowEnded(Result(row(SwapOff, "w1"), Status.CHANGED, "swap was used", seconds=0.3))),
        (3.4, RowDecided(install, INSTALL)),
        (3.5, BlobSent(install, "ab" * 32, 10 << 20, 31 << 20)),
        (4.0, ActStarted(install, "2 packages")),
        (5.0, RowEnded(Result(row(ContainerdInstalled, "w1"), Status.FAILED, "apt", evidence=TOKEN.value, advice="x"))),
        (6.0, RowWaiting(row(NodesReady, "@cluster", "cluster"), "worker-joined on w1")),
    ]


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


def played(observer: object, clock: Clock) -> None:
    """The story, each event at its time."""
    assert callable(observer)
    for at_s, event in story():
        clock.now_s = at_s
        observer(event)


@pytest.mark.parametrize("width", [80, 120])
def test_the_live_table_reads_like_this(width: int, snapshot: SnapshotAssertion) -> None:
    clock, console = Clock(), Console(file=io.StringIO(), width=width, height=30, record=True)
    table = LiveTable(console, Redactor.of([TOKEN]), clock=clock)
    played(table, clock)
    clock.now_s = 17.0
    console.print(table.frame())
    shown = console.export_text()
    assert shown == snapshot
    assert max(map(len, shown.splitlines()[-6:])) <= width


def test_the_live_table_fits_a_low_screen_and_keeps_what_is_busy_in_sight() -> None:
    clock, console = Clock(), Console(file=io.StringIO(), width=80, height=6, record=True)
    table = LiveTable(console, clock=clock)
    played(table, clock)
    console.export_text()
    console.print(table.frame())
    shown = console.export_text().splitlines()
    assert len(shown) <= 6
    assert any("cp1" in line for line in shown)
    assert any("more:" in line for line in shown)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_long_names_of_hosts_differ_where_there_is_little_room(width: int) -> None:
    names = [f"kubernetes-worker-in-the-lab-{number:02}" for number in range(9)]
    short = [shortened(name, width // 5) for name in names]
    assert len(set(short)) == len(names)
    assert max(map(len, short)) <= min(width // 5, 24)
    assert shortened("cp1", 9) == "cp1"


def test_the_live_table_leaves_the_screen_when_the_run_ends_and_what_was_told_stays() -> None:
    stream, clock = io.StringIO(), Clock()
    table = LiveTable(Console(file=stream, width=80, height=30, force_terminal=True), clock=clock)
    with table.shown():
        played(table, clock)
    _, _, after = stream.getvalue().rpartition("\x1b[?1049l")
    assert "\x1b[?25h" in stream.getvalue()
    assert len([line for line in after.splitlines() if "swap-off changed: swap was used" in line]) == 1


def test_a_notice_stands_in_the_table_and_stays_after_it() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, height=30, force_terminal=True, record=True)
    with LiveTable(console, notice=lambda: "kboot: stopping: soon").shown() as table:
        table(RunStarted("up", "run-1", ROWS))
        console.print(table.frame())
    assert "stopping: soon  up 0/" in console.export_text()
    assert stream.getvalue().rpartition("\x1b[?1049l")[2].strip().endswith("kboot: stopping: soon")


@pytest.mark.parametrize("verbose", [False, True], ids=["short", "verbose"])
def test_plain_lines_read_like_this(verbose: bool, snapshot: SnapshotAssertion) -> None:
    clock, stream = Clock(), io.StringIO()
    played(PlainLines(stream, Redactor.of([TOKEN]), verbose=verbose, clock=clock), clock)
    assert stream.getvalue() == snapshot


def test_who_only_waits_is_silent_while_others_are_heard() -> None:
    clock, stream = Clock(), io.StringIO()
    plain = PlainLines(stream, clock=clock)
    played(plain, clock)
    stream.truncate(0)
    for second in range(7, 30):
        clock.now_s = float(second)
        plain(RowEnded(Result(row(SwapOff, "w1"), Status.CHANGED)))
        plain.tick()
    assert "@cluster" not in stream.getvalue()


def test_what_is_waited_for_is_said_once_and_again_after_a_minute() -> None:
    clock, stream = Clock(), io.StringIO()
    plain = PlainLines(stream, clock=clock)
    plain(RunStarted("up", "run-1", ROWS))
    stream.truncate(0)
    for second in range(1, 70):
        clock.now_s = float(second)
        if second % 3 == 1:  # an answer of the host
            plain(RowWaiting(row(SwapOff, "w1"), "cloud-init" if second < 40 else "the dpkg lock"))
        plain.tick()
    said = [line.split(maxsplit=1) for line in stream.getvalue().strip("\0").splitlines()]
    assert said == [
        ["1.0s", "w1 swap-off waits for cloud-init"],
        ["40.0s", "w1 swap-off waits for the dpkg lock"],
    ]
    clock.now_s = 100.0
    plain.tick()
    assert stream.getvalue().endswith("100.0s w1 swap-off … waits for the dpkg lock (1 m 39 s so far)\n")


def test_a_long_act_is_told_less_and_less_often() -> None:
    clock, stream = Clock(), io.StringIO()
    plain = PlainLines(stream, clock=clock)
    plain(RunStarted("up", "run-1", ROWS))
    stream.truncate(0)
    plain(ActStarted(row(SwapOff, "cp1"), "slow"))
    for second in range(1, 600):
        clock.now_s = float(second)
        plain.tick()
    said = [float(line.split("s")[0].strip("\0 ")) for line in stream.getvalue().splitlines()]
    assert said[1:5] == [10, 20, 30, 45]
    assert max(later - earlier for earlier, later in pairwise(said)) == 60


def test_an_act_that_takes_longer_than_ten_seconds_says_so_every_ten_seconds() -> None:
    clock, stream = Clock(), io.StringIO()
    plain = PlainLines(stream, clock=clock)
    played(plain, clock)
    stream.truncate(0)
    for second in range(7, 40):
        clock.now_s = float(second)
        plain.tick()
    beats = [line for line in stream.getvalue().splitlines() if "cp1" in line]
    assert len(beats) == 3
    assert "containerd-installed … 2 packages (10 s so far)" in beats[0]


def test_a_host_that_waits_before_it_answers_says_for_what() -> None:
    clock, stream = Clock(), io.StringIO()
    plain = PlainLines(stream, tell=ended, clock=clock)
    plain(RunStarted("up", "run-1", ROWS))
    plain(HostConnecting("w1"))
    plain(HostWaiting("w1", "the end of an act in flight"))
    clock.now_s = 10.0
    plain.tick()
    assert stream.getvalue() == "   10.0s w1 connection … waits for the end of an act in flight (10 s so far)\n"


def test_a_host_that_is_out_of_the_run_has_no_heartbeat() -> None:
    clock, stream = Clock(), io.StringIO()
    plain = PlainLines(stream, clock=clock)
    played(plain, clock)
    stream.truncate(0)
    clock.now_s = 60.0
    plain.tick()
    assert "w2" not in stream.getvalue()


def test_json_lines_hold_every_event_and_no_secret() -> None:
    clock, stream = Clock(), io.StringIO()
    played(JsonLines(stream, Redactor.of([TOKEN]), clock=clock), clock)
    records = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [record["seconds"] for record in records] == [at_s for at_s, _ in story()]
    assert {record["kind"] for record in records} == {"Event"}
    assert TOKEN.value not in stream.getvalue()


def test_a_reader_that_goes_away_does_not_stop_the_run() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    sink = JsonLines(Gone())
    sink(HostConnecting("cp1"))
    assert sink.silent


def test_the_journal_is_private_and_leaves_out_progress(tmp_path: Path) -> None:
    folder = tmp_path / "clusters" / "lab" / "journal"
    clock = Clock()
    journal = open_journal(folder, "20260101T000000-up", Redactor())
    assert journal is not None
    played(journal, clock)
    journal(RunEnded(report()))
    (file,) = folder.iterdir()
    kinds = [json.loads(line)["event"] for line in file.read_text().splitlines()]
    assert "blob-sent" not in kinds
    assert kinds[-1] == "run-ended"
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_journal_keeps_the_last_fifty_runs(tmp_path: Path) -> None:
    for number in range(55):
        assert open_journal(tmp_path, f"{number:03d}", Redactor()) is not None
    assert min(file.stem for file in tmp_path.iterdir()) == "005"


def test_no_journal_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert open_journal(tmp_path / "file", "x", Redactor()) is None


def test_every_observer_gets_every_event() -> None:
    seen: list[tuple[str, Event]] = []
    FanOut((lambda event: seen.append(("a", event)), lambda event: seen.append(("b", event))))(HostConnecting("w1"))
    assert [name for name, _ in seen] == ["a", "b"]


def test_the_board_counts_what_has_ended() -> None:
    board = Board()
    for at_s, event in story():
        board = advance(board, event, at_s)
    assert (board.ended, board.total) == (3, 10)
    assert board.targets["w1"].worst is Status.FAILED
    assert board.targets["w2"].done
