"""Ctrl-C: nothing new starts, what runs is waited for, the closing rows run, and the report says so."""

import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

import pytest

from bootstrap.model.event import ActStarted, HostConnecting, RowEnded, RowWaiting
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.fact import Output
from bootstrap.model.report import Report, Status
from bootstrap.run import EVERYTHING, exit_code, plan_run
from tests.fake_host import wait_until
from tests.unit.run.toys import BOOK, World, at, statuses

FOREVER_S = 30.0  # so long that a test which waits for it has failed, on a busy machine too


@pytest.fixture
def arrived() -> Iterator[threading.Semaphore]:
    """Counts the interrupts that have reached the main thread."""
    counted = threading.Semaphore(0)

    def count(number: int, frame: FrameType | None) -> None:
        counted.release()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, count)
    yield counted
    signal.signal(signal.SIGINT, before)


def ctrl_c() -> None:
    """What a terminal sends, to the thread that gets it."""
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, signal.SIGINT)


def interrupted_at(step: str, world: World) -> Report:
    """Press Ctrl-C once, when this step's act begins on cp1 or the cluster."""
    pressed = threading.Event()

    def press(event: object) -> None:
        if isinstance(event, ActStarted) and event.row.step.name() == step and not pressed.is_set():
            pressed.set()
            ctrl_c()

    world.observers.append(press)
    for host in world.hosts.values():
        host.slow_s = 0.05
    return world.run()


def test_the_running_act_ends_and_nothing_new_starts() -> None:
    world = World()
    report = interrupted_at("built", world)
    assert report.interrupted
    assert exit_code(report) is ExitCode.INTERRUPTED
    assert "api" not in world["cp1"].state
    assert at(report, "api", "cp1") is Status.NOT_RUN
    built = next(
        result for result in report.rows if result.row.step.name() == "built" and result.status is Status.CHANGED
    )
    assert world[built.row.target.name].state["built"] == "yes", "an act that had begun was seen to its end"


def test_closing_rows_run_after_an_interrupt() -> None:
    world = World()
    report = interrupted_at("token-live", world)
    assert world["cp1"].state["token-live"] == "swept"
    assert at(report, "swept", "@cluster") is Status.CHANGED


def test_every_row_has_an_end_after_an_interrupt() -> None:
    world = World()
    report = interrupted_at("base", world)
    assert len(report.rows) == len([event for event in world.events if isinstance(event, RowEnded)])
    assert statuses(report, Status.NOT_RUN)


def test_a_second_interrupt_leaves_at_once(arrived: threading.Semaphore) -> None:
    world = World()
    pressed = threading.Event()

    def twice() -> None:
        ctrl_c()
        assert arrived.acquire(timeout=FOREVER_S)  # two signals that are both pending would be one
        wait_until(lambda: any("act.sh" in script for host in world.hosts.values() for script in host.scripts))
        ctrl_c()

    def press(event: object) -> None:
        if isinstance(event, ActStarted) and not pressed.is_set():
            pressed.set()
            for host in world.hosts.values():
                host.slow_s = FOREVER_S
            threading.Thread(target=twice, daemon=True).start()

    world.observers.append(press)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt, match=r"left; what runs on .+ goes on there"):
        world.run()
    assert time.monotonic() - began < FOREVER_S / 2, "neither the act nor the closing rows were waited for"


def test_an_interrupt_before_the_first_change_leaves_at_once_and_changes_nothing() -> None:
    world = World()
    world["w2"].slow_s = FOREVER_S
    world.observers.append(press_at_connecting)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt, match="nothing was changed"):
        world.run()
    assert time.monotonic() - began < FOREVER_S / 2, "the host's answer was not waited for"
    assert not any(host.acts for host in world.hosts.values())


def test_an_interrupt_while_planning_leaves_at_once() -> None:
    world = World()
    world["w2"].slow_s = FOREVER_S
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        plan_run(BOOK, world.wanted, world.hosts, EVERYTHING, press_at_connecting)
    assert time.monotonic() - began < FOREVER_S / 2


def press_at_connecting(event: object) -> None:
    """An observer that presses Ctrl-C when w2 is to be asked."""
    if isinstance(event, HostConnecting) and event.host == "w2":
        threading.Thread(target=ctrl_c, daemon=True).start()


def test_a_row_that_waits_ends_its_waiting_at_once() -> None:
    world = World()
    world["cp1"].facts["api"] = Output(99, "", "the API server does not answer")

    def press(event: object) -> None:
        if isinstance(event, RowWaiting) and event.row.id == ("api", "cp1") and "does not answer" in event.on:
            ctrl_c()

    world.observers.append(press)
    began = time.monotonic()
    report = world.run(pace=FOREVER_S)
    assert time.monotonic() - began < FOREVER_S / 2
    waited = next(result for result in report.rows if result.row.id == ("api", "cp1"))
    assert waited.status is Status.WAITING
    assert waited.note.startswith("interrupted while waiting: ")
    assert at(report, "swept", "@cluster") is Status.OK


def test_an_interrupt_in_a_join_lets_the_join_end_and_revokes_the_token() -> None:
    world = World()
    world["w2"].state["base"] = "yes"
    report = interrupted_at("joined", world)
    joined = [name for name in ("w1", "w2") if world[name].state.get("joined") == "yes"]
    assert joined, "the join in which Ctrl-C came was seen to its end"
    for name in ("w1", "w2"):
        assert at(report, "joined", name) is (Status.CHANGED if name in joined else Status.NOT_RUN)
    assert at(report, "all-joined", "@cluster") is Status.NOT_RUN
    assert world["cp1"].state["token-live"] == "swept"
    assert exit_code(report) is ExitCode.INTERRUPTED


def test_an_act_of_another_run_is_no_reason_to_close_what_this_one_never_opened() -> None:
    world = World()
    world["cp1"].state["token-live"] = "yes"
    world["cp1"].in_flight = 1
    pressed = threading.Event()

    def press(event: object) -> None:
        if isinstance(event, RowEnded) and not pressed.is_set():
            pressed.set()
            ctrl_c()
            time.sleep(0.1)

    world.observers.append(press)
    report = world.run()
    assert report.interrupted
    assert not any(host.acts for host in world.hosts.values())
    assert world["cp1"].state["token-live"] == "yes"


def test_after_an_interrupt_running_again_finishes() -> None:
    world = World()
    interrupted_at("built", world)
    world.observers.clear()
    report = world.run()
    assert exit_code(report) is ExitCode.OK
