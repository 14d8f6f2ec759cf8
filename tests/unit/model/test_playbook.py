"""A playbook and an inventory give rows: each step for each target that it concerns, in order."""

from datetime import UTC, datetime

from bootstrap.model.decision import Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.playbook import Phase, Playbook, rows
from bootstrap.model.step import Check, Step
from bootstrap.model.target import CLUSTER, OPERATOR, RunValues, Target, Wanted


class GroundLaid(Step):
    """A step that asks nothing."""

    def needs(self, target: Target) -> tuple[Question, ...]:
        return ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        return Satisfied()


CONTROL_PLANE = Host(name="cp1", address="10.1.0.1", role="control-plane")
WORKERS = (Host(name="w1", address="10.1.0.2"), Host(name="w2", address="10.1.0.3"))
RUN = RunValues("run", "abcdef", datetime(2026, 11, 21, tzinfo=UTC), "/state/kubeconfig")


def targets(word: str, *workers: Host) -> list[str]:
    wanted = Wanted(Inventory(api_version="kboot/v1", hosts=(CONTROL_PLANE, *workers)), RUN)
    phase = Phase("ground", word, (GroundLaid(),))  # type: ignore[arg-type]
    return [row.target.name for row in rows(Playbook("house", "", (phase,)), wanted)]


def test_each_word_for_targets_names_its_own() -> None:
    assert targets("all", *WORKERS) == ["cp1", "w1", "w2"]
    assert targets("control-plane", *WORKERS) == ["cp1"]
    assert targets("workers", *WORKERS) == ["w1", "w2"]
    assert targets("cluster", *WORKERS) == [CLUSTER]
    assert targets("operator", *WORKERS) == [OPERATOR]


def test_a_phase_with_no_target_gives_no_row() -> None:
    assert targets("workers") == []
    assert targets("cluster-without-workers", *WORKERS) == []
    assert targets("cluster-without-workers") == [CLUSTER]


def test_the_cluster_is_asked_through_the_control_plane_and_the_operator_on_its_own() -> None:
    wanted = Wanted(Inventory(api_version="kboot/v1", hosts=(CONTROL_PLANE,)), RUN)
    assert Target("cluster", CONTROL_PLANE, wanted).asked == "cp1"
    assert Target("operator", None, wanted).asked == OPERATOR


def test_rows_know_whether_they_are_tried_whatever_happened() -> None:
    wanted = Wanted(Inventory(api_version="kboot/v1", hosts=(CONTROL_PLANE,)), RUN)
    playbook = Playbook("house", "", (), (Phase("clean-up", "all", (GroundLaid(),)),))
    assert [row.closing for row in rows(playbook, wanted)] == [True]


def test_a_steps_name_is_the_word_of_its_class() -> None:
    assert GroundLaid.name() == "ground-laid"
    assert not Check.can_act
