"""Asking one host: one exec for all who wait, nothing asked twice, and how a host falls."""

import threading

from bootstrap.model.answer import Known, Unreadable
from bootstrap.model.fact import Question
from bootstrap.model.report import HostStatus
from bootstrap.run.eyes import MOST_LOSSES, Eyes, Patience
from bootstrap.run.hands import Hands
from bootstrap.run.ledger import Ledger, Since
from bootstrap.transport.errors import HostLost, HostTimeout, Unreachable
from tests.fake_host import FakeHost, wait_until
from tests.unit.run.toys import value_of

QUICK = Patience(reconnect_s=10, pause_s=0.01)


def eyes(host: FakeHost, patience: Patience = QUICK) -> tuple[Eyes, Ledger]:
    ledger = Ledger()
    return Eyes("cp1", host, ledger, patience), ledger


def of(key: str) -> Question:
    return Question("cp1", value_of(key))


def test_eyes_have_no_hands() -> None:
    assert not [name for name in dir(Eyes) if name in set(dir(Hands)) - set(dir(object)) and "act" in name]
    assert hasattr(Hands, "act")


def test_a_hundred_who_want_the_same_answer_cost_one_exec() -> None:
    host = FakeHost("cp1", {"api": "yes"})
    looking, ledger = eyes(host)
    looking.ask([of("api")], Since())
    since = Since(ledger.now())
    holding = looking._turn
    with holding:
        threads = [threading.Thread(target=looking.ask, args=([of("api"), of(f"w{n}")], since)) for n in range(100)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(looking._wanted) == 101)
    for thread in threads:
        thread.join()
    assert host.execs == 2


def test_a_fresh_answer_is_not_asked_again() -> None:
    host = FakeHost("cp1", {"api": "yes"})
    looking, ledger = eyes(host)
    looking.ask([of("api")], Since())
    looking.ask([of("api")], Since())
    assert host.execs == 1
    assert ledger.facts([of("api")])("cp1", value_of("api")) == Known("yes")


def test_a_connection_lost_while_asking_is_asked_again() -> None:
    host = FakeHost("cp1", {"api": "yes"})
    looking, ledger = eyes(host)
    looking.ask([of("api")], Since())
    host.errors = [HostLost("cp1", "silence"), Unreachable("cp1", "refused")]
    assert looking.ask([of("api")], Since(ledger.now())) is None
    assert host.execs == 4


def test_patience_counts_from_the_loss_and_not_from_the_beginning() -> None:
    host = FakeHost("cp1", {"api": "yes"})
    looking, ledger = eyes(host, Patience(reconnect_s=0.2, pause_s=0.01))
    looking.ask([of("api")], Since())
    host.errors, host.slow_s = [HostLost("cp1", "silence")], 0.4
    assert looking.ask([of("api")], Since(ledger.now())) is None
    assert host.execs == 3


def test_a_host_that_is_lost_again_and_again_is_given_up() -> None:
    host = FakeHost("cp1", {"api": "yes"})
    looking, ledger = eyes(host, Patience(reconnect_s=0.02, pause_s=0.001))
    looking.ask([of("api")], Since())
    host.down, host.slow_s, host.execs = HostLost("cp1", "silence"), 0.03, 0
    fallen = looking.ask([of("api")], Since(ledger.now()))
    assert fallen
    assert fallen.status is HostStatus.LOST
    assert host.execs == MOST_LOSSES + 1


def test_a_host_never_reached_is_unreachable_and_its_answers_unreadable() -> None:
    host = FakeHost("cp1", down=Unreachable("cp1", "no route", advice="plug it in"))
    looking, ledger = eyes(host)
    fallen = looking.ask([of("api")], Since())
    assert fallen is not None
    assert (fallen.status, fallen.advice) == (HostStatus.UNREACHABLE, "plug it in")
    assert isinstance(ledger.facts([of("api")])("cp1", value_of("api")), Unreadable)
    looking.ask([of("api")], Since(ledger.now()))
    assert host.execs == 1, "a fallen host is left alone"


def test_a_host_that_says_nothing_later_still_stands() -> None:
    host = FakeHost("cp1", {"api": "yes"})
    looking, ledger = eyes(host)
    looking.ask([of("api")], Since())
    host.errors = [HostTimeout("cp1", "30 s")]
    assert looking.ask([of("api")], Since(ledger.now())) is None
    assert isinstance(ledger.facts([of("api")])("cp1", value_of("api")), Unreadable)


def test_a_host_without_questions_is_still_greeted_once() -> None:
    host = FakeHost("cp1")
    looking, _ = eyes(host)
    looking.ask([], Since())
    looking.ask([], Since())
    assert host.execs == 1
