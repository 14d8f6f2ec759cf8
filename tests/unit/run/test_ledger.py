"""When an answer is stale."""

from bootstrap.model.answer import Known
from bootstrap.model.fact import Question
from bootstrap.run.ledger import Ledger, Since
from tests.unit.run.toys import value_of

ON_A, ON_B = Question("a", value_of("x")), Question("b", value_of("x"))


def answered() -> Ledger:
    ledger = Ledger()
    ledger.record({ON_A: Known("1"), ON_B: Known("2")}, ledger.now())
    return ledger


def test_what_was_never_answered_is_stale() -> None:
    assert Ledger().is_stale(ON_A, Since())


def test_an_act_makes_every_earlier_answer_of_its_host_stale_and_no_other() -> None:
    ledger = answered()
    ledger.act_begins("a")
    assert ledger.is_stale(ON_A, Since())
    assert not ledger.is_stale(ON_B, Since())


def test_an_act_of_another_run_makes_answers_stale_and_is_not_ours() -> None:
    ledger = answered()
    ledger.foreign_act("a")
    assert ledger.is_stale(ON_A, Since())
    assert not ledger.any_act()
    ledger.act_begins("b")
    assert ledger.any_act()


def test_the_end_of_a_followed_act_makes_other_hosts_answers_stale() -> None:
    ledger = answered()
    since = Since().and_act("a", ledger.now())
    assert ledger.is_stale(ON_B, since)


def test_what_an_acting_exec_asked_of_its_own_host_is_fresh_after_the_act() -> None:
    ledger = answered()
    ledger.act_begins("a")
    ledger.record({ON_A: Known("3")}, ledger.now())
    assert not ledger.is_stale(ON_A, Since().and_act("a", ledger.now()))


def test_an_answer_given_while_another_host_acted_is_stale_for_who_follows_that_act() -> None:
    ledger = Ledger()
    asked_at = ledger.now()
    act_ended = Since().and_act("a", ledger.now())
    ledger.record({ON_B: Known("too early?")}, asked_at)
    assert ledger.is_stale(ON_B, act_ended)


def test_merged_moments_keep_the_latest_of_each_host() -> None:
    merged = Since.of((Since(2, {"a": 5}), Since(3, {"a": 4, "b": 7})))
    assert merged == Since(3, {"a": 5, "b": 7})
    assert (merged.at("b"), merged.at("a"), merged.at("c")) == (5, 7, 7)
