"""An act that is in flight when a run comes: what a person is told meanwhile."""

from bootstrap.model.event import HostSeen, HostWaiting, RowWaiting
from bootstrap.model.exit_code import ExitCode
from bootstrap.run import EVERYTHING, exit_code, plan_run
from tests.unit.run.toys import BOOK, World

WAITING = HostWaiting("w1", "the end of an act in flight")


def of_w1(world: World) -> list[object]:
    """What was told of the host w1, in order."""
    told = [event for event in world.events if isinstance(event, HostWaiting | HostSeen)]
    return [event for event in told if "w1" in repr(event)]


def test_a_run_says_what_its_first_question_waits_for() -> None:
    world = World()
    world["w1"].in_flight = 1
    assert exit_code(world.run()) is ExitCode.OK
    waiting, seen = of_w1(world)
    assert waiting == WAITING
    assert isinstance(seen, HostSeen)


def test_a_plan_says_so_too() -> None:
    world = World()
    world["w1"].in_flight = 1
    plan_run(BOOK, world.wanted, world.hosts, EVERYTHING, world.events.append)
    assert of_w1(world)[0] == WAITING


def test_an_act_in_flight_when_a_check_is_asked_again_is_told() -> None:
    world = World()
    world["w1"].state["health"] = "busy"

    def observe(event: object) -> None:
        if isinstance(event, RowWaiting) and event.row.step.name() == "looked":
            world["w1"].state["health"] = "good"
            world["w1"].in_flight = 1

    world.observers.append(observe)
    assert exit_code(world.run()) is ExitCode.OK
    assert of_w1(world)[-1] == WAITING
