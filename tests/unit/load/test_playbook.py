"""Playbooks pick and order steps; what is wrong in one is told with its place."""

from pathlib import Path

import pytest

from bootstrap.load.error import InvalidInput
from bootstrap.load.playbook import load_playbook, playbook_of
from bootstrap.load.shipped import shipped_playbooks
from bootstrap.load.source import Source
from bootstrap.model.decision import Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target


class Toy(Step):
    """A step that asks nothing."""

    def needs(self, target: Target) -> tuple[Question, ...]:
        return ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        return Satisfied()


class GroundLaid(Toy):
    """Comes first."""


class WallsBuilt(Toy):
    """Comes second."""

    follows = ("ground-laid",)


TOYS = (GroundLaid(), WallsBuilt())
HEAD = "apiVersion: kboot/v1\nkind: Playbook\nname: house\nsummary: A house.\n"


def told(phases: str) -> list[str]:
    """The mistakes of a playbook with these phases, which stand from line 5."""
    with pytest.raises(InvalidInput) as caught:
        playbook_of(Source("p.yaml", HEAD + phases), TOYS)
    return [str(error).removeprefix("p.yaml:") for error in caught.value.errors]


def phase(name: str, targets: str, *steps: str) -> str:
    return f"  - {{name: {name}, targets: {targets}, steps: [{', '.join(steps)}]}}\n"


def test_phases_hold_the_registered_steps_in_the_files_order() -> None:
    text = "phases:\n" + phase("a", "all", "ground-laid", "walls-built") + "finally:\n"
    text += phase("b", "cluster", "ground-laid")
    playbook = playbook_of(Source("p.yaml", HEAD + text), TOYS)
    assert playbook.step_names() == ("ground-laid", "walls-built", "ground-laid")
    assert playbook.phases[0].steps == TOYS
    assert playbook.closing[0].targets == "cluster"


def test_an_unknown_step_is_told_with_the_nearest_one() -> None:
    lines = told("phases:\n" + phase("a", "all", "ground-layed"))
    assert lines == ['6:37: there is no step "ground-layed" (did you mean "ground-laid"?)']


def test_a_step_before_one_that_it_follows_is_refused_at_its_place() -> None:
    lines = told("phases:\n" + phase("a", "all", "walls-built") + phase("b", "all", "ground-laid"))
    assert lines == [
        "6:37: walls-built stands before ground-laid (line 7), which must hold first"
        " (move walls-built below ground-laid)"
    ]


def test_a_step_whose_predecessor_is_not_in_the_playbook_is_fine() -> None:
    assert playbook_of(Source("p.yaml", HEAD + "phases:\n" + phase("a", "all", "walls-built")), TOYS)


@pytest.mark.parametrize(("first", "second"), [("all", "workers"), ("cluster", "cluster-without-workers")])
def test_a_step_twice_for_one_target_is_refused(first: str, second: str) -> None:
    lines = told("phases:\n" + phase("a", first, "ground-laid") + phase("b", second, "ground-laid"))
    assert "ground-laid stands above already for the same hosts" in lines[0]


def test_a_step_for_workers_and_again_for_the_control_plane_is_fine() -> None:
    text = "phases:\n" + phase("a", "workers", "ground-laid") + phase("b", "control-plane", "ground-laid")
    assert playbook_of(Source("p.yaml", HEAD + text), TOYS)


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        ("phases:\n" + phase("a", "everyone", "ground-laid"), "6:24: targets: must be one of: all, control-plane"),
        ("phases:\n" + phase("a", "all"), "6:36: steps: must have at least one entry"),
        ("phases:\n" + phase("a", "all", "ground-laid") + phase("a", "cluster", "ground-laid"), '7:12: a phase "a"'),
        ("phasen: []\n", 'unknown key "phasen" (did you mean "phases"?)'),
        (
            "phases:\n  - {name: a, target: all, steps: [ground-laid]}\n",
            'unknown key "target" (did you mean "targets"?)',
        ),
        ("phases:\n  - {name: a, targets: all, steps: [ground-laid], when: never}\n", 'unknown key "when"'),
    ],
)
def test_a_wrong_field_is_told_at_its_place(phases: str, expected: str) -> None:
    assert [line for line in told(phases) if expected in line]


def test_an_unknown_playbook_is_told_with_the_nearest_one() -> None:
    with pytest.raises(InvalidInput, match="there is no playbook"):
        load_playbook("join-worker")
    with pytest.raises(InvalidInput) as caught:
        load_playbook("join-worker")
    assert 'did you mean "join-workers"?' in caught.value.advice


def test_a_playbook_of_ones_own_is_named_by_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + "phases:\n" + phase("a", "all", "ground-laid"))
    assert load_playbook(str(file), TOYS).name == "house"


def test_the_shipped_playbooks_are_the_three_words_of_the_command_line() -> None:
    assert shipped_playbooks() == ("init-master", "join-workers", "up")
