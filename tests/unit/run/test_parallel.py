"""Threads that a Ctrl-C can leave, and that it cannot break."""

import signal
import threading
import time

import pytest

from bootstrap.run.parallel import in_parallel, interruptible

_MANY = 200
_LONG_S = 60  # nothing that a test waits for takes so long on the busiest machine


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
    heard = threading.Semaphore(0)

    def task() -> str:
        for _ in range(_MANY):
            press()
            assert heard.acquire(timeout=_LONG_S)
        return "whole"

    def on_interrupt() -> None:
        heard.release()
        time.sleep(0)  # a second press may come while the first is being told

    assert interruptible(task, on_interrupt) == "whole"
    assert not heard.acquire(blocking=False), "each was told once"


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
        assert go_on.wait(_LONG_S)

    interruptible(task, on_interrupt)
    assert heard == ["begins", "ends", "begins", "ends"]


def test_an_interrupt_as_the_task_ends_does_not_lose_its_result() -> None:
    def task() -> str:
        press()
        return "done"

    for _ in range(_MANY):
        assert interruptible(task, lambda: None) == "done"


def test_what_on_interrupt_raises_leaves_the_task_running() -> None:
    left, ended = threading.Event(), threading.Event()

    def leave() -> None:
        raise KeyboardInterrupt

    def task() -> None:
        press()
        assert left.wait(_LONG_S)
        ended.set()

    with pytest.raises(KeyboardInterrupt):
        interruptible(task, leave)
    assert not ended.is_set()
    left.set()
    assert ended.wait(_LONG_S)


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
