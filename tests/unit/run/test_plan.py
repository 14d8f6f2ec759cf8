"""A plan: the same decisions, and no way to act on them."""

from dataclasses import replace

import pytest

from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.fact import Facts
from bootstrap.model.plan import Plan
from bootstrap.model.playbook import Phase, Playbook
from bootstrap.model.target import Target
from bootstrap.run import EVERYTHING, Selection, plan_exit_code, plan_run
from bootstrap.transport.errors import HostKeyUnknown, Unreachable
from tests.unit.run.toys import BOOK, Base, Toy, World, playbook


def planned(world: World, selection: Selection = EVERYTHING, book: Playbook = BOOK) -> Plan:
    return plan_run(book, world.wanted, world.hosts, selection, world.events.append)


def decision(plan: Plan, step: str, target: str) -> Decision:
    return next(one.decision for one in plan.rows if one.row.id == (step, target))


def test_a_plan_costs_one_exec_a_host_and_changes_nothing() -> None:
    world = World()
    plan = planned(world)
    assert set(world.execs().values()) == {1}
    assert not any(host.acts for host in world.hosts.values())
    assert isinstance(decision(plan, "base", "w1"), Change)
    assert isinstance(decision(plan, "joined", "w1"), Later)
    assert plan_exit_code(plan) is ExitCode.PENDING


def test_what_holds_behind_a_pending_change_is_asked_again_later() -> None:
    world = World()
    world["w1"].state.update(built="yes", ready="yes")
    rows = {one.row.id: one for one in planned(world).rows}
    assert rows["built", "w1"].asked_again_after == "base"
    assert rows["ready", "w1"].asked_again_after == "base", "through another step"
    assert rows["looked", "w1"].asked_again_after is None


def test_a_converged_plan_has_nothing_pending() -> None:
    world = World()
    world.run()
    plan = planned(world)
    assert not plan.pending
    assert not [one for one in plan.rows if one.asked_again_after]
    assert plan_exit_code(plan) is ExitCode.OK


def test_a_finding_refuses() -> None:
    world = World()
    world["w2"].state["health"] = "bad"
    plan = planned(world)
    assert [one.row.target.name for one in plan.blocked] == ["w2"]
    assert plan_exit_code(plan) is ExitCode.REFUSED


def test_a_host_out_of_reach_is_named_and_has_no_rows() -> None:
    world = World()
    world["w2"].down = Unreachable("w2", "no route")
    plan = planned(world)
    assert plan.fallen == (("w2", "no route"),)
    assert not [one for one in plan.rows if one.row.target.name == "w2"]
    assert plan_exit_code(plan) is ExitCode.PARTLY


def test_no_control_plane_no_plan() -> None:
    world = World()
    world["cp1"].down = HostKeyUnknown("cp1", "never seen")
    assert plan_exit_code(planned(world)) is ExitCode.KEY_REFUSED


def test_a_later_for_a_step_that_is_not_in_the_playbook_is_refused() -> None:
    world = World()
    book = Playbook("join", "", tuple(phase for phase in BOOK.phases if phase.name != "control-plane"), BOOK.closing)
    plan = planned(world, book=book)
    (blocked,) = plan.blocked
    assert isinstance(blocked.decision, Blocked)
    assert (blocked.row.id, blocked.decision.code) == (("joined", "w1"), Code.STEP_MISSING)
    assert isinstance(decision(plan, "joined", "w2"), Later), "told once"


def test_what_holds_outside_the_limit_is_no_hindrance() -> None:
    world = World()
    world.run()
    world["w1"].state.pop("joined")
    world["cp1"].state.pop("node w1")
    plan = planned(world, Selection(limit=frozenset({"w1"})))
    assert not plan.blocked
    assert isinstance(decision(plan, "joined", "w1"), Change)
    assert {one.row.target.name for one in plan.rows} == {"w1", "@cluster", "@operator"}


class Reached(Toy):
    """About the cluster, and on record: it rests on the first state of every host."""

    follows = ("base", "all-joined")


WITH_REACHED = replace(BOOK, phases=(*BOOK.phases, Phase("reach", "cluster", (Reached(),))))


def test_a_host_that_joins_needs_what_a_member_outside_the_limit_lacks() -> None:
    world = World(workers=3)
    world.run(WITH_REACHED)
    world["w1"].state.pop("joined")
    world["cp1"].state.pop("node w1")
    world["w2"].state.pop("base")
    plan = planned(world, Selection(limit=frozenset({"w1"})), WITH_REACHED)
    (blocked,) = plan.blocked
    assert isinstance(blocked.decision, Blocked)
    assert (blocked.row.id, blocked.decision.code) == (("reached", "@cluster"), Code.HOST_LEFT_OUT)
    assert blocked.decision.advice == "Add w2 to --limit."


def test_a_host_outside_the_limit_that_never_joined_is_no_hindrance() -> None:
    world = World(workers=3)
    world.run(WITH_REACHED, Selection(limit=frozenset({"cp1", "w1"})))
    plan = planned(world, Selection(limit=frozenset({"w2"})), WITH_REACHED)
    assert not plan.blocked


class Broken(Base):
    """A step with a bug."""

    def decide(self, target: Target, facts: Facts) -> Decision:
        raise RuntimeError("oops")


def test_a_step_that_raises_is_a_bug_of_kboot() -> None:
    with pytest.raises(KbootError) as caught:
        planned(World(), book=playbook(Phase("host", "all", (Broken(),))))
    assert (caught.value.code, caught.value.exit_code) == (Code.INTERNAL, ExitCode.INTERNAL)
    assert "broken" in caught.value.problem


def test_the_note_of_a_satisfied_row_stays() -> None:
    world = World(workers=0)
    world["cp1"].state["base"] = "yes"
    assert decision(planned(world), "base", "cp1") == Satisfied("it is so")
