"""Columns never wait in a ring, whatever the playbook, and every row ends (a law)."""

import threading
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.playbook import Phase, Playbook, Targets, rows
from bootstrap.model.report import Report
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from tests.unit.run.toys import World, setting, value_of

WORDS: tuple[Targets, ...] = ("all", "control-plane", "workers", "cluster", "operator")


def made(number: int, follows: tuple[str, ...], nature: str, settle: float = 0.1) -> Step:
    """A step `s<number>` of some nature."""

    def needs(self: Step, target: Target) -> tuple[Question, ...]:
        first = target.inventory.first_control_plane.name
        return (*target.questions(value_of(self.name())), Question(first, value_of("s-0")))

    def decide(self: Step, target: Target, facts: Facts) -> Decision:
        if nature == "holds" or facts(target.asked, value_of(self.name())) == Known("yes"):
            return Satisfied()
        first_is_set = facts(target.inventory.first_control_plane.name, value_of("s-0")) == Known("yes")
        match nature:
            case "later" if not first_is_set:
                return Later("s-0", "needs the first")
            case "deaf":
                return Change("nothing", ())
            case "blocked" if first_is_set:
                return Blocked(Code.STEP_MISSING, "no", "")
            case "waits":
                return Waiting("for nothing")
            case "raises" if first_is_set:
                raise RuntimeError("a bug")
        return setting(self.name())

    members: dict[str, Any] = {"follows": follows, "needs": needs, "decide": decide, "settle_s": settle}
    members["name"] = classmethod(lambda _cls: f"s-{number}")
    made_step: Step = type(f"S{number}", (Step,), members)()
    return made_step


@st.composite
def playbooks(draw: st.DrawFn, natures: tuple[str, ...], *, closing: bool = True) -> Playbook:
    phases = []
    for number in range(draw(st.integers(1, 7))):
        earlier = [f"s-{other}" for other in range(number)]
        follows = tuple(draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3))) if earlier else ()
        step = made(number, follows, draw(st.sampled_from(natures)))
        phases.append(Phase(f"p{number}", draw(st.sampled_from(WORDS)), (step,)))
    main = draw(st.integers(0, len(phases))) if closing else len(phases)
    return Playbook("toy", "", tuple(phases[:main]), tuple(phases[main:]))


def ended(world: World, book: Playbook) -> Report:
    """The report, or an AssertionError when the run hangs."""
    reports: list[Report] = []
    thread = threading.Thread(target=lambda: reports.append(world.run(book, pace=0.01)), daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "columns wait for each other"
    return reports[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(playbooks(("sets", "holds", "later", "deaf", "blocked", "waits", "raises")), st.integers(0, 3))
def test_every_row_ends_in_every_playbook(book: Playbook, workers: int) -> None:
    world = World(workers)
    report = ended(world, book)
    assert [result.row for result in report.rows] == list(rows(book, world.wanted))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(playbooks(("sets", "holds", "later"), closing=False), st.integers(0, 3))
def test_a_second_run_of_any_playbook_acts_on_nothing(book: Playbook, workers: int) -> None:
    world = World(workers)
    ended(world, book)
    for host in world.hosts.values():
        host.acts.clear()
    ended(world, book)
    held = {result.row.id for result in ended(world, book).rows}
    assert held == {row.id for row in rows(book, world.wanted)}
    assert not any(host.acts for host in world.hosts.values())
