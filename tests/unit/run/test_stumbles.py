"""A step that stumbles over what its own act has left: it finds no way on, or it has a bug."""

import pytest

from bootstrap.model.action import Run
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.fact import Facts
from bootstrap.model.playbook import Phase
from bootstrap.model.report import Status
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import SecretRef, text
from bootstrap.run import exit_code
from tests.unit.run.toys import Base, Toy, World, at, playbook, setting, value_of


class Probed(Toy):
    """Its act brings to light what nothing can be done about."""

    def decide(self, target: Target, facts: Facts) -> Decision:
        if facts(target.asked, value_of(self.name())) == Known("yes"):
            return Blocked(Code.STEP_MISSING, "pods do not reach each other", "see the firewall")
        return setting(self.name())


def test_what_an_act_brought_to_light_is_blocked_after_a_change() -> None:
    world = World()
    book = playbook(Phase("cluster", "cluster", (Probed(),)))
    report = world.run(book)
    assert at(report, "probed", "@cluster") is Status.BLOCKED
    assert exit_code(report) is ExitCode.PARTLY
    assert exit_code(world.run(book)) is ExitCode.REFUSED, "and the next run refuses before it acts"


class Buggy(Toy):
    """It cannot make anything of what its own act has left."""

    def decide(self, target: Target, facts: Facts) -> Decision:
        if facts(target.asked, value_of(self.name())) == Known("yes"):
            raise RuntimeError("a case that nobody thought of")
        return setting(self.name())


class Acting(Buggy):
    """Its bug lies beyond the decision."""

    def decide(self, target: Target, facts: Facts) -> Decision:
        return Change("put a ref that no vault knows", (Run(("true",), stdin=text(SecretRef("no-such"))),))


@pytest.mark.parametrize("step", [Buggy(), Acting()], ids=["deciding", "acting"])
def test_a_bug_in_a_step_ends_its_column_and_the_run_says_that_it_is_one(step: Step) -> None:
    world = World(workers=1)
    report = world.run(playbook(Phase("host", "all", (step, Base()))))
    assert at(report, "base", "w1") is Status.NOT_RUN
    assert {row.code for row in report.rows if row.status is Status.FAILED} == {Code.INTERNAL}
    assert exit_code(report) is ExitCode.INTERNAL
