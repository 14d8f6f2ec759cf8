"""What one host's act does to what another host said."""

from bootstrap.model.answer import Known
from bootstrap.model.decision import Decision, Satisfied
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.fact import Facts, Question
from bootstrap.model.playbook import Phase
from bootstrap.model.report import Status
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.run import EVERYTHING, execute, exit_code
from bootstrap.run.vault import vault_for
from tests.unit.run.toys import BOOK, World, at, playbook, setting, value_of, wrong


class SeenByCluster(Step):
    """A worker's state that only the control plane can tell: the node is listed there."""

    settle_s = 1.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return (Question(target.inventory.first_control_plane.name, value_of(f"node {target.name}")),)

    def decide(self, target: Target, facts: Facts) -> Decision:
        first = target.inventory.first_control_plane.name
        return Satisfied() if facts(first, value_of(f"node {target.name}")) == Known("yes") else setting("joined")


class NodesCounted(Step):
    """A closing state about the cluster: no node is uncounted."""

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(value_of("members"), value_of("counted"))

    def decide(self, target: Target, facts: Facts) -> Decision:
        uncounted = facts(target.asked, value_of("members")) == Known("yes")
        counted = facts(target.asked, value_of("counted")) == Known("yes")
        return setting("counted") if uncounted and not counted else Satisfied()


def test_after_its_act_a_row_asks_the_other_hosts_again_too() -> None:
    world = World(workers=1)
    report = world.run(playbook(Phase("workers", "workers", (SeenByCluster(),))))
    assert at(report, "seen-by-cluster", "w1") is Status.CHANGED


def test_a_closing_row_sees_what_the_last_act_elsewhere_brought_about() -> None:
    """It held when the run began, and nothing was done on its own host since."""
    world = World(workers=1)
    world["w1"].on_set = lambda host, key, value: world["cp1"].state.update({f"node {host}": value, "members": "yes"})
    phases = Phase("workers", "workers", (SeenByCluster(),))
    report = world.run(playbook(phases, closing=[Phase("closing", "cluster", (NodesCounted(),))]))
    assert at(report, "nodes-counted", "@cluster") is Status.CHANGED


def test_an_act_asks_up_to_the_next_expected_change_and_no_further() -> None:
    world = World(workers=1)
    world.run()
    first_act = next(script for script in world["w1"].scripts if "systemd-run" in script)
    assert '# "base"' in first_act
    assert '# "built"' in first_act
    assert '# "ready"' not in first_act, "it comes after the next change, and would be asked again"


def test_the_place_of_the_lock_is_before_the_first_act_and_never_reached_when_all_holds() -> None:
    calls: list[int] = []
    world = World(workers=1)

    def once() -> ExitCode:
        hear, vault = world.events.append, vault_for(world.run_values)

        def note() -> None:
            calls.append(len(world["w1"].acts))

        return exit_code(
            execute(BOOK, world.wanted, world.hosts, EVERYTHING, hear, vault, world.no_blob, first_change=note)
        )

    assert once() is ExitCode.OK
    assert calls == [0]
    assert once() is ExitCode.OK
    assert calls == [0], "a converged run takes no lock"


def test_nothing_of_the_cluster_is_tried_once_the_control_plane_failed() -> None:
    world = World()
    world["cp1"].failing = "api"
    report = world.run()
    assert at(report, "token-live", "@cluster") is Status.NOT_RUN
    assert "token-live" not in world["cp1"].state
    assert at(report, "fetched", "@operator") is Status.NOT_RUN
    assert wrong(report)
