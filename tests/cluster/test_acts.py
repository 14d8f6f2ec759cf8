"""Acts in flight and facts, on real hosts: one unit at a time, no end is guessed, and asking writes nothing."""

import threading
import time
from collections.abc import Iterator, Mapping

import pytest

from bootstrap.cli.site import connections, find_site
from bootstrap.model.action import Run, WriteFile
from bootstrap.model.answer import Known
from bootstrap.model.text import SecretRef, text
from bootstrap.run.in_flight import Outcome
from bootstrap.run.ledger import Since
from bootstrap.transport.connection import Connection
from tests.cluster.acting import TOKEN, deed, hands, mark, own_sshd, sh
from tests.cluster.conftest import NewLab
from tests.cluster.lab import Lab
from tests.cluster.read_only import told_apart

pytestmark = pytest.mark.lab
MARK = mark("w1")


@pytest.fixture(scope="module")
def lab(new_lab: NewLab) -> Lab:
    return new_lab("--hosts", "2")


@pytest.fixture
def ways(lab: Lab) -> Iterator[Mapping[str, Connection]]:
    with connections(find_site(lab.inventory)) as made:
        yield made


@pytest.fixture
def other(lab: Lab) -> Iterator[Mapping[str, Connection]]:
    """The connections of a second kboot."""
    with connections(find_site(lab.inventory)) as made:
        yield made


def test_an_act_writes_runs_and_asks_in_one_exec(ways: Mapping[str, Connection]) -> None:
    acting, ledger = hands(ways)
    active = Run(("systemctl", "is-active", "kboot-act.service"))
    for number in range(5):
        content = text(f"{number}=", SecretRef("join-token"), "\n")
        write = WriteFile("/etc/kboot-test", content, mode=0o600, guarded=False)
        assert acting.act(deed(write, active)) == Outcome("done")
        assert ledger.facts([MARK])("w1", MARK.fact) == Known(f"{number}={TOKEN}\n"), "asked in the act's own exec"
    assert sh(ways, "stat -c '%a %U' /etc/kboot-test") == "600 root"


def test_nothing_secret_stays_behind_even_after_a_kill(ways: Mapping[str, Connection]) -> None:
    acting, _ = hands(ways)
    kill = Run(("sh", "-c", "cat >/dev/null; kill -KILL $PPID; systemctl kill -s KILL kboot-act.service"))
    outcome = acting.act(deed(Run(kill.argv, stdin=text(SecretRef("join-token")))))
    assert outcome.state == "failed"
    assert sh(ways, f"grep -rls {TOKEN} /run/kboot /run/kboot-ask.* || echo none") == "none"
    assert sh(ways, "ls /run/kboot | wc -l") == "1", "the folders of earlier acts are gone"


def test_a_killed_act_says_what_ended_it(ways: Mapping[str, Connection]) -> None:
    acting, _ = hands(ways)
    outcome = acting.act(deed(Run(("true",)), Run(("systemctl", "kill", "-s", "KILL", "kboot-act.service"))))
    assert (outcome.state, outcome.at) == ("failed", 1)
    assert "signal" in outcome.evidence


def test_a_lost_connection_does_not_end_the_act(
    ways: Mapping[str, Connection], other: Mapping[str, Connection]
) -> None:
    acting, ledger = hands(ways)
    sshd = own_sshd(ways)
    assert sh(other, "echo up") == "up"
    threading.Timer(1.0, sh, args=(other, f"kill -KILL {sshd}")).start()
    outcome = acting.act(
        deed(Run(("sleep", "3")), WriteFile("/etc/kboot-test", text("after the loss\n"), guarded=False))
    )
    assert outcome == Outcome("done")
    acting.ask([MARK], Since())
    assert ledger.facts([MARK])("w1", MARK.fact) == Known("after the loss\n")


def test_two_acts_never_run_at_once_whoever_starts_them(
    ways: Mapping[str, Connection], other: Mapping[str, Connection]
) -> None:
    acting, _ = hands(ways)
    second, _ = hands(other)
    first = threading.Thread(target=acting.act, args=(deed(Run(("sleep", "3"))),))
    first.start()
    time.sleep(1)
    assert second.act(deed(Run(("touch", "/run/kboot-test-second")))).state == "busy"
    assert sh(other, "ls /run/kboot-test-second 2>&1 | grep -c 'No such'") == "1"
    flights: list[str] = []
    began = time.monotonic()
    second.ask([MARK], Since(10**9), on_flight=lambda: flights.append("seen"))
    assert flights == ["seen"]
    assert time.monotonic() - began > 0.5, "its end was waited for"
    first.join(20)


def test_a_host_that_is_cut_off_in_an_act_tells_that_nobody_knows(lab: Lab, ways: Mapping[str, Connection]) -> None:
    acting, ledger = hands(ways)

    def cut() -> None:
        lab.lab("power-cut", "w1")
        lab.lab("start", "w1")

    timer = threading.Timer(1.0, cut)
    timer.start()
    outcome = acting.act(deed(Run(("sleep", "20"))))
    timer.join(90)
    assert outcome.state == "lost"
    assert ledger.fallen("w1") is None
    assert acting.act(deed(Run(("true",)))).state == "done"


def test_every_fact_gives_the_same_answer_with_the_disk_mounted_read_only(ways: Mapping[str, Connection]) -> None:
    assert told_apart(ways["w1"]) == {}
