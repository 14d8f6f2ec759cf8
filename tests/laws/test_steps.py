"""What holds for every registered step, whoever wrote it."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bootstrap.facts.files import file_secret
from bootstrap.facts.kubectl import ADMIN_CONF
from bootstrap.model.answer import Answer, Known, Unreadable
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Fact, Facts, Output, Question
from bootstrap.model.kubeconfig import Access, KubeconfigError
from bootstrap.model.playbook import Row
from bootstrap.model.step import Step
from bootstrap.steps import REGISTRY
from tests.laws.world import NOTHING, STEPS, all_rows, answered, recorded, rows_of_up, secrets_of, shipped, usual

GARBAGE = ("", "\n", "0\n", "1 2 3\n", "active\n", "{}", "[]", "null", '{"items": [{}]}', "key=value\n", "\ufffd\x00")
LONGEST_DEADLINE_S = 60.0
UNREADABLE = Unreadable("no answer in 10 s")
ADMIN = file_secret(ADMIN_CONF)
USUALLY = 12
ANOTHER_DAY = datetime(2026, 11, 23, 12, tzinfo=UTC)

# Steps that may hold by what the inventory alone says, and why; only where they ask nothing.
HOLDS_UNSEEN = {
    "firewall-open": "`firewall: leave` vouches for it",
    "firewall-understood": "`firewall: leave` vouches for it",
    "ufw-installed": "only `firewall: enabled` asks for ufw",
}

every_step = pytest.mark.parametrize("step", REGISTRY, ids=lambda step: step.name())


def test_there_are_steps() -> None:
    assert len(STEPS) == len(REGISTRY) > 0, "names are unique"


@every_step
def test_the_word_the_file_and_the_class_are_the_same(step: Step) -> None:
    assert type(step).__module__.rpartition(".")[2] == step.name().replace("-", "_")
    assert type(step).__name__ == "".join(word.capitalize() for word in step.name().split("-"))


@every_step
def test_the_first_line_of_its_docstring_says_what_is_true(step: Step) -> None:
    lines = (type(step).__doc__ or "").strip().splitlines()
    assert lines
    assert lines[0].endswith("."), "one sentence"
    assert len(lines) > 2, "then why Kubernetes needs it"


@every_step
def test_a_shipped_playbook_uses_it(step: Step) -> None:
    assert any(step.name() in phase["steps"] for phases in shipped().values() for phase in phases)
    assert all_rows(step), "or the laws below would hold of nothing"


@every_step
def test_it_follows_only_steps_that_exist(step: Step) -> None:
    assert set(step.follows) <= set(STEPS)


@every_step
def test_with_all_facts_absent_it_decides(step: Step) -> None:
    for row in all_rows(step):
        assert isinstance(step.decide(row.target, answered(row, NOTHING)), Decision)


@every_step
def test_with_all_facts_unreadable_it_is_never_satisfied_and_never_acts(step: Step) -> None:
    for row in all_rows(step):
        decision = step.decide(row.target, answered(row, UNREADABLE))
        ignored = step.name() in row.target.inventory.cluster.checks.ignore
        if not ignored and (step.name() not in HOLDS_UNSEEN or step.needs(row.target)):
            assert isinstance(decision, Waiting | Later | Blocked), f"{row.target.name}: {decision}"


@every_step
def test_every_run_asks_the_same(step: Step) -> None:
    """An answer tells of the host, whoever asks: what a run left behind, the next one finds by the same question."""
    for row in all_rows(step):
        run = replace(row.target.wanted.run, run_id="run-2", token_id="fedcba", started=ANOTHER_DAY)
        another = replace(row.target, wanted=replace(row.target.wanted, run=run))
        assert step.needs(another) == step.needs(row.target)


@every_step
def test_a_check_never_acts(step: Step) -> None:
    for row in all_rows(step) if not step.can_act else ():
        assert not isinstance(step.decide(row.target, answered(row, NOTHING)), Change)


@st.composite
def worlds(draw: st.DrawFn, row: Row) -> Mapping[Question, Answer[Any]]:
    """Any mixture of what real hosts printed, of garbage, of absence and of unreadable facts."""
    return {question: draw(_answers(question.fact)) for question in row.step.needs(row.target)}


@cache
def _answers(fact: Fact[Any]) -> st.SearchStrategy[Answer[Any]]:
    noise = [Output(code, text) for text in GARBAGE for code in (0, 1, 44)]
    told = st.sampled_from([*recorded().get(fact.name, ()), *noise]).map(fact.read)
    return st.one_of(told, st.just(NOTHING), st.just(Unreadable("no answer")))


@every_step
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_answer_makes_it_raise_and_no_secret_is_shown(step: Step, data: st.DataObject) -> None:
    found = all_rows(step)
    row = found[data.draw(st.integers(0, len(found) - 1))]
    answers = data.draw(worlds(row))
    decision = step.decide(row.target, Facts(answers))
    assert isinstance(decision, Decision)
    shown = f"{decision!r} {decision}" + " ".join(str(text) for text in _texts(decision))
    for secret in secrets_of(answers):
        assert secret not in shown


def _texts(decision: Decision) -> list[object]:
    actions = decision.actions if isinstance(decision, Change) else ()
    return [getattr(action, name, "") for action in actions for name in ("stdin", "text")]


def _behind(step: Step) -> set[str]:
    """Every step that comes before this one, directly or through others."""
    return set(step.follows).union(*(_behind(STEPS[name]) for name in step.follows))


@dataclass
class PossibleWorld:
    """Recorded answers, drawn when they are asked for, mostly those of a host on which all is well.

    They go together in one thing: kubectl needs a whole admin.conf.
    """

    data: st.DataObject
    admin: str
    answers: dict[Question, Answer[Any]] = field(default_factory=dict)

    def decide(self, row: Row) -> Decision:
        """What the row's step makes of this world."""
        for question in row.step.needs(row.target):
            if question not in self.answers:
                self.answers[question] = self.data.draw(_possible(question, self.admin))
        return row.step.decide(row.target, Facts(self.answers))


@cache
def _possible(question: Question, admin: str) -> st.SearchStrategy[Answer[Any]]:
    """What the host may answer where its admin.conf is absent, cut or whole."""
    fact = question.fact
    known: list[Answer[Any]] = [*_known(question.host, fact)]
    if fact == ADMIN:
        right = [one for one in known if _is_whole(one) == (admin == "whole")]
        return st.sampled_from([NOTHING] if admin == "absent" else right)
    if f"kubectl --kubeconfig {ADMIN_CONF}" in fact.script:
        possible: dict[str, list[Answer[Any]]] = {"absent": [NOTHING], "cut": [UNREADABLE]}
        return st.sampled_from(possible.get(admin, [*known, UNREADABLE]))
    # A fact whose script has no exit code for it is never Absent.
    return st.sampled_from([*known, UNREADABLE, *([NOTHING] if len(fact.answers) > 1 else [])])


def _known(host: str, fact: Fact[Any]) -> tuple[Answer[Any], ...]:
    """What a host may have answered; what this one printed where all was well stands there many times."""
    often, all_said = usual().get((host, fact.name), ()), recorded().get(fact.name, ())
    answers = (*([*map(fact.read, often)] * USUALLY), *map(fact.read, all_said))
    return tuple(answer for answer in answers if isinstance(answer, Known))


@cache
def _is_whole(admin_conf: Answer[Any]) -> bool:
    try:
        return isinstance(admin_conf, Known) and bool(Access.of(admin_conf.value.value, "lab"))
    except KubeconfigError:
        return False


@every_step
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_says_later_only_of_a_step_that_it_follows_and_that_does_not_hold(step: Step, data: st.DataObject) -> None:
    """So with all that it follows satisfied it never says Later.

    Recorded answers are mixed, so the step that is named is itself decided on the same ones: what the one says is
    missing, the other must not say is there.
    """
    found = rows_of_up(step)
    order, row = found[data.draw(st.integers(0, len(found) - 1))]
    world = PossibleWorld(data, data.draw(st.sampled_from(("absent", "cut", "whole"))))
    decision = world.decide(row)
    if isinstance(decision, Later):
        assert decision.after in _behind(step)
        others = order.of_step(decision.after, row)
        assert others, "the playbook with every step has the one that is waited for"
        assert not all(isinstance(world.decide(other), Satisfied) for other in others), decision


def all_questions() -> Iterator[tuple[int, Question]]:
    """Every question that any step asks anywhere, and the world in which it does."""
    for step in REGISTRY:
        for row in all_rows(step):
            for question in step.needs(row.target):
                yield id(row.target.wanted), question


def test_on_one_host_one_name_is_one_question() -> None:
    found: dict[tuple[int, str, str], str] = {}
    for world, question in all_questions():
        known = found.setdefault((world, question.host, question.fact.name), question.fact.script)
        assert known == question.fact.script, f"{question.fact.name} is two questions to {question.host}"


def test_facts_are_posix_shell_with_bounded_deadlines() -> None:
    facts = {question.fact.script: question.fact for _, question in all_questions()}
    for fact in facts.values():
        assert 0 < fact.deadline_s <= LONGEST_DEADLINE_S, fact.name
        checked = subprocess.run(
            ["sh", "-n"], input=fact.script, text=True, capture_output=True, timeout=60, check=False
        )
        assert checked.returncode == 0, f"{fact.name}: {checked.stderr}"
