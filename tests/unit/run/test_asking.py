"""The asking script, run by the real /bin/sh of this machine, and what is made of its output."""

import os
import signal
import subprocess
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest

from bootstrap.model.answer import Absent, Known, Unreadable
from bootstrap.model.fact import Fact, Output
from bootstrap.run import asking
from bootstrap.run.asking import Reply
from bootstrap.transport.errors import HostTimeout
from bootstrap.transport.frame import framed
from bootstrap.transport.local import Local
from tests.fake_host import wait_until


def told(name: str, script: str, deadline_s: float = 10.0) -> Fact[str]:
    return Fact(name, script, lambda out: Known(out.stdout), deadline_s=deadline_s)


def ask(*facts: Fact[str]) -> Reply:
    script = asking.opening(operator=True) + asking.asking(facts)
    return asking.read(facts, Local().run(script, timeout_s=30).stdout)


def test_every_fact_gets_its_own_answer() -> None:
    reply = ask(told("one", "echo 1"), told("quoted", "printf '%s' \"it's\"'\n\"$HOME\" x'"), told("none", ":"))
    assert reply.answers == (Known("1\n"), Known('it\'s\n"$HOME" x'), Known(""))
    assert not reply.in_flight


def test_output_that_looks_like_ours_is_just_output() -> None:
    text = "kboot-answers 1\n 5 0.out\n 9 total\n"
    assert ask(told("mean", f"printf '%s' '{text}'"), told("after", "echo ok")).answers == (Known(text), Known("ok\n"))


def test_exit_codes_and_the_end_of_stderr_reach_the_fact() -> None:
    seen: list[Output] = []

    def parse(out: Output) -> Absent:
        seen.append(out)
        return Absent("told so")

    reply = ask(
        Fact("four", "echo no >&2; exit 4", parse, answers=frozenset({4})), told("five", "echo bad >&2; exit 5")
    )
    assert reply.answers == (Absent("told so"), Unreadable("five: exit code 5 bad"))
    assert seen == [Output(4, "", "no\n")]


def test_a_slow_fact_delays_nobody_and_is_unreadable() -> None:
    began = time.monotonic()
    slow = [told(f"slow {number}", "sleep 60", deadline_s=0.2) for number in range(4)]
    reply = ask(*slow, told("quick", "echo here"))
    assert reply.answers[4] == Known("here\n")
    assert reply.answers[0] == Unreadable("slow 0: no answer in 0.2 s")
    assert time.monotonic() - began < 30


def test_a_fact_that_not_even_a_kill_ends_does_not_hold_the_others() -> None:
    """As on a dead mount; here killing what hangs is made to do nothing, so only the shell that waits can be ended."""
    hanging = told("stuck", "sleep 40", deadline_s=0.2)
    unkillable = 'end() { kill -KILL "$1"; }\n'
    began = time.monotonic()
    facts = (hanging, told("quick", "echo here"))
    reply = asking.read(
        facts, Local().run(asking.opening(operator=True) + unkillable + asking.asking(facts), timeout_s=30).stdout
    )
    assert reply.answers == (Unreadable("stuck: no answer in 0.2 s"), Known("here\n"))
    assert time.monotonic() - began < 30


def test_what_a_late_fact_has_started_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    name, value = "KBOOT_ASKED_BY", str(uuid.uuid4())
    monkeypatch.setenv(name, value)
    ask(told("late", "sh -c 'sleep 60; :' & wait", deadline_s=0.3))
    wait_until(lambda: not _living_with(f"{name}={value}"), timeout_s=30)


def test_each_fact_has_its_own_deadline() -> None:
    reply = ask(told("short", "sleep 60", deadline_s=0.2), told("long", "sleep 0.5; echo done", deadline_s=30))
    assert reply.answers == (Unreadable("short: no answer in 0.2 s"), Known("done\n"))


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (where,) = ask(told("where", "pwd")).answers
    assert isinstance(where, Known)
    assert where.value.startswith(str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_behind_when_nobody_listens_any_more(tmp_path: Path) -> None:
    """As when the link breaks during an ask: the shell that tells the answers dies of SIGPIPE."""
    script = asking.opening(operator=True) + asking.asking((told("secret", "echo key; sleep 0.3"),))
    with subprocess.Popen(
        ["sh", "-s"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
    ) as shell:
        assert shell.stdin
        assert shell.stdout
        shell.stdin.write(framed(script, root=False).program)
        shell.stdin.close()
        assert shell.stdout.readline() + shell.stdout.readline(), "it began"
        shell.stdout.close()
        assert shell.wait(timeout=60) != 0, "and was left before its end"
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_behind_here_when_the_time_of_an_exec_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = asking.opening(operator=True) + asking.asking((told("secret", "echo key; sleep 60", deadline_s=60),))
    with pytest.raises(HostTimeout):
        Local().run(script, timeout_s=0.5)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=str)
def test_an_asking_that_is_ended_ends_its_guard_and_what_was_asked(tmp_path: Path, number: signal.Signals) -> None:
    script = asking.opening(operator=True) + asking.asking((told("late", "touch began; sleep 60", deadline_s=60),))
    mark = f"KBOOT_ASKED_BY={uuid.uuid4()}"
    environment = {**os.environ, "TMPDIR": str(tmp_path), **dict([mark.split("=")])}
    with subprocess.Popen(["sh", "-c", script], env=environment, stdout=subprocess.DEVNULL) as shell:
        wait_until(lambda: any(tmp_path.glob("*/began")))
        shell.send_signal(number)
        assert shell.wait(timeout=60) == 143
    wait_until(lambda: not _living_with(mark))
    assert not list(tmp_path.iterdir())


def _living_with(mark: str) -> list[Path]:
    """Processes whose environment holds the mark."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            found += [file] if mark.encode() in file.read_bytes() else []
    return found


def test_bytes_that_are_no_text_are_no_error() -> None:
    (answer,) = ask(told("noise", "head -c 20000 /dev/urandom")).answers
    assert isinstance(answer, Known)


@pytest.mark.parametrize(
    "cut", [b"", b"kboot-answers", b"kboot-answers 0\n 2 0.rc\n", b"motd\nkboot-answers 0\n 2 0.rc\n 1 to"]
)
def test_a_cut_reply_is_unreadable(cut: bytes) -> None:
    (answer,) = asking.read((told("one", "echo"),), cut).answers
    assert isinstance(answer, Unreadable)


def test_no_fact_at_all_still_tells_of_an_act_in_flight() -> None:
    assert asking.read((), b"kboot-answers 1\n") == Reply((), in_flight=True)
    assert ask() == Reply((), in_flight=False)


def test_what_one_fact_sets_no_other_sees() -> None:
    sets = told("sets", "cd /; seen=yes; set -- a b; ask() { :; }; trap 'echo bye' EXIT; set -e; false; echo never")
    after = told("after", 'case $PWD in */kboot-ask.*) echo "${seen:-no}";; esac')
    failed, answer = ask(sets, after).answers
    assert isinstance(failed, Unreadable)
    assert answer == Known("no\n")


def test_half_a_script_is_that_facts_own_mistake() -> None:
    broken, well = ask(told("broken", "if true; then echo"), told("well", "echo well")).answers
    assert isinstance(broken, Unreadable)
    assert well == Known("well\n")
