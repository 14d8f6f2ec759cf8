"""No secret reaches an observer."""

from dataclasses import dataclass

import pytest

from bootstrap.model.action import Run
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.event import Event, RowEnded, RowWaiting
from bootstrap.model.fact import Fact, Facts, Question
from bootstrap.model.playbook import Phase, rows
from bootstrap.model.report import HostResult, HostStatus, Result, Status
from bootstrap.model.step import Step
from bootstrap.model.target import RunValues, Target
from bootstrap.model.text import MASK, Secret
from bootstrap.run import EVERYTHING, plan_run
from bootstrap.run.listener import Listener
from bootstrap.run.vault import JOIN_TOKEN, JOIN_TOKEN_SECRET, new_token_id, vault_for
from tests.unit.run.toys import BOOK, World, playbook, value_of

TOKEN = "abcdef.0123456789abcdef"
ROW = rows(BOOK, World().wanted)[0]


def test_a_secret_in_evidence_and_notes_is_masked() -> None:
    listener = Listener(lambda _event: None, [Secret(TOKEN)])
    said = Result(ROW, Status.FAILED, f"note {TOKEN}", None, f"log: {TOKEN}!", f"type {TOKEN}", remark=TOKEN)
    masked = Result(ROW, Status.FAILED, f"note {MASK}", None, f"log: {MASK}!", f"type {MASK}", remark=MASK)
    assert listener.masked(said) == masked
    fallen = listener.masked_host(HostResult("cp1", HostStatus.LOST, f"why {TOKEN}", f"type {TOKEN}"))
    assert fallen == HostResult("cp1", HostStatus.LOST, f"why {MASK}", f"type {MASK}")


def test_secrets_learnt_on_the_way_are_masked_too() -> None:
    events: list[Event] = []
    listener = Listener(events.append)
    listener.learn([Secret(TOKEN)])
    listener.tell(RowWaiting(ROW, f"for {TOKEN}"))
    assert events == [RowWaiting(ROW, f"for {MASK}")]


def test_nothing_is_told_to_an_observer_that_was_left() -> None:
    events: list[Event] = []
    listener = Listener(events.append)
    listener.leave()
    listener.tell(RowEnded(Result(ROW, Status.OK)))
    assert not events


def test_what_a_failing_program_printed_of_a_secret_never_comes_out() -> None:
    world = World(workers=1)
    world["w1"].failing = "joined"
    world["w1"].says = f"error: bad token {TOKEN}"
    world.run(vault={"join-token": Secret(TOKEN)})
    told = repr(world.events)
    assert "error: bad token" in told
    assert TOKEN not in told


@dataclass(frozen=True)
class Config:
    """A file as a host keeps it."""

    owner: str
    text: Secret


CONFIG: Fact[Config] = Fact("config", "cat config", lambda out: Known(Config("root", Secret(out.stdout))))


class Careless(Step):
    """It puts what it has read of a private file into everything that it says."""

    settle_s = 0.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(CONFIG, value_of("mode"))

    def decide(self, target: Target, facts: Facts) -> Decision:
        told, mode = facts(target.asked, CONFIG), facts(target.asked, value_of("mode"))
        assert isinstance(told, Known)
        words = f"it holds {told.value.text.value}"
        decisions: dict[str, Decision] = {
            "change": Change(words, (Run(("set", "mode", "holds")),)),
            "holds": Satisfied(words, words),
            "waits": Waiting(words),
            "later": Later("careless", words),
        }
        return decisions.get(getattr(mode, "value", ""), Blocked(Code.STEP_MISSING, words, words))


@pytest.mark.parametrize("mode", ["change", "holds", "waits", "later", "blocked"])
def test_what_a_host_keeps_private_never_comes_out_of_a_run_or_a_plan(mode: str) -> None:
    book, world = playbook(Phase("host", "control-plane", (Careless(),))), World(workers=1)
    world["cp1"].state.update(config=TOKEN, mode=mode)
    plan = plan_run(book, world.wanted, world.hosts, EVERYTHING, world.events.append)
    told = f"{plan} {world.run(book)} {world.events}"
    assert f"it holds {MASK}" in told
    assert TOKEN not in told


def test_a_token_is_as_kubeadm_wants_it() -> None:
    run = RunValues("r", new_token_id(), World.run_values.started, "/x")
    vault = vault_for(run)
    head, _, tail = vault[JOIN_TOKEN].value.partition(".")
    assert (head, len(head), len(tail)) == (run.token_id, 6, 16)
    assert tail == vault[JOIN_TOKEN_SECRET].value
    assert (head + tail).isalnum()
    assert (head + tail).islower() or (head + tail).isdigit()
    assert vault_for(run)[JOIN_TOKEN] != vault[JOIN_TOKEN]
