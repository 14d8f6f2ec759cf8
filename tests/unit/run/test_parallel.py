"""Threads that a Ctrl-C can leave, and that it cannot break."""

import signal
import threading
import time
from collections.abc import Callable

import pytest

from bootstrap.run.parallel import in_parallel, interruptible

_MANY = 200


def press() -> None:
    """Ctrl-C, as the main thread gets it."""
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, signal.SIGINT)


def never() -> None:
    raise AssertionError("nobody pressed")


def test_the_result_and_the_error_of_a_task_come_through() -> None:
    assert interruptible(lambda: 7, never) == 7
    with pytest.raises(LookupError, match="no such"):
        interruptible(_failing, never)


def test_every_interrupt_is_told_and_none_breaks_the_wait_wherever_it_comes() -> None:
    heard: list[int] = []

    def task() -> str:
        for _ in range(_MANY):
            before = len(heard)
            press()
            _until(lambda: len(heard) > before)  # noqa: B023
        return "whole"

    def on_interrupt() -> None:
        heard.append(1)
        time.sleep(0)  # a second press may come while the first is being told

    assert interruptible(task, on_interrupt) == "whole"
    assert len(heard) == _MANY


def test_an_interrupt_while_another_is_being_told_is_told_after_it() -> None:
    heard: list[str] = []
    go_on = threading.Event()

    def on_interrupt() -> None:
        heard.append("begins")
        if len(heard) == 1:
            press()
            time.sleep(0.05)
        heard.append("ends")
        if len(heard) == 4:
            go_on.set()

    def task() -> None:
        press()
        go_on.wait(5)

    interruptible(task, on_interrupt)
    assert heard == ["begins", "ends", "begins", "ends"]


def test_an_interrupt_as_the_task_ends_does_not_lose_its_result() -> None:
    def task() -> str:
        press()
        return "done"

    for _ in range(_MANY):
        assert interruptible(task, lambda: None) == "done"


def test_what_on_interrupt_raises_leaves_the_task_running() -> None:
    ended = threading.Event()

    def leave() -> None:
        raise KeyboardInterrupt

    def task() -> None:
        press()
        time.sleep(1.5)
        ended.set()

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interruptible(task, leave)
    assert time.monotonic() - began < 1.0
    assert ended.wait(5)


def test_handlers_are_put_back_and_ignored_signals_stay_ignored() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert interruptible(lambda: signal.getsignal(signal.SIGHUP), never) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) is before[signal.SIGINT]
    finally:
        signal.signal(signal.SIGHUP, before[signal.SIGHUP])


def test_outside_the_main_thread_no_handler_is_set() -> None:
    results: list[int] = []
    in_parallel([lambda: results.append(interruptible(lambda: 3, never))])
    assert results == [3]


def _failing() -> None:
    raise LookupError("no such thing")


def _until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not so() and time.monotonic() < deadline:
        time.sleep(0.0005)
