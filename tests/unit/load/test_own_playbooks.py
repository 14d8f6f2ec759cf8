"""Playbooks of the admin's own: what kboot's own playbooks never do is refused at its place, before any host."""

import os
from pathlib import Path

import pytest

from bootstrap.load.error import InvalidInput
from bootstrap.load.playbook import load_playbook, shipped_targets
from bootstrap.steps import REGISTRY

HEAD = "apiVersion: kboot/v1\nkind: Playbook\nname: mine\nsummary: Mine.\nphases:\n"


def told(text: str, folder: Path) -> list[str]:
    """Every mistake of this playbook, without the file's name."""
    file = folder / "mine.yaml"
    file.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        load_playbook(str(file))
    return [str(error).removeprefix(f"{file}:") for error in caught.value.errors]


@pytest.mark.parametrize(
    ("targets", "step", "instead"),
    [
        ("cluster", "swap-off", "control-plane and workers"),
        ("operator", "swap-off", "control-plane and workers"),
        ("all", "nodes-ready", "cluster"),
        ("all", "kubeconfig-fetched", "operator"),
        ("workers", "control-plane-initialised", "control-plane"),
        ("all", "control-plane-initialised", "control-plane"),
        ("control-plane", "worker-joined", "workers"),
    ],
)
def test_a_step_for_other_targets_than_it_is_made_for(targets: str, step: str, instead: str, tmp_path: Path) -> None:
    said = told(f"{HEAD}  - {{name: a, targets: {targets}, steps: [{step}]}}\n", tmp_path)
    column = len(f"  - {{name: a, targets: {targets}, steps: [") + 1
    hint = f"for {instead}: give it a phase with such targets"
    assert said == [f"6:{column}: {step} is not for the targets `{targets}` ({hint})"]


@pytest.mark.parametrize("targets", ["all", "workers", "control-plane"])
def test_a_step_for_some_of_its_hosts_is_fine(targets: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"{HEAD}  - {{name: a, targets: {targets}, steps: [swap-off]}}\n")
    assert load_playbook(str(tmp_path / "mine.yaml")).step_names()


def test_every_step_has_targets() -> None:
    assert {step.name() for step in REGISTRY} == set(shipped_targets())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty"),
        (HEAD + "  - {name: a, targets: all, steps: [swap_off]}\n", '6:37: there is no step "swap_off" (did you mean'),
        (HEAD + "\t- {name: a}\n", "6:1: a tab indents this line"),
        (HEAD + "  - {name: a, targets: all, steps: [swap-off], when: x}\n", '6:48: unknown key "when"'),
        ("- hosts: all\n  tasks: []\n", "1:1: the file must be a mapping"),
        ("a: &a [*a]\n", '1:8: nothing is anchored as "&a" before'),
    ],
)  # fmt: skip
def test_what_is_no_playbook(text: str, expected: str, tmp_path: Path) -> None:
    assert told(text, tmp_path)[0].startswith(expected)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.yaml")
    with pytest.raises(InvalidInput, match=r"is a named pipe \(FIFO\), not a file"):
        load_playbook(str(tmp_path / "fifo.yaml"))


def test_an_inventory_is_no_playbook(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text("apiVersion: kboot/v1\nhosts: []\n")
    with pytest.raises(InvalidInput, match=r"lab\.yaml:2:1: is an inventory, and a playbook is wanted"):
        load_playbook(str(tmp_path / "lab.yaml"))


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("{name: a, steps: [swap-off]}", 'its steps are decided; for example `targets: all`)'),
        ("{name: a, targets: all, steps: []}", "at least one entry (for example steps: [swap-off, modules-loaded])"),
        ("{name: a, targets: all, steps: [{name: x}]}", "must be one line of text (for example swap-off)"),
    ],
)  # fmt: skip
def test_what_is_missing_comes_with_an_example(phase: str, expected: str, tmp_path: Path) -> None:
    (line,) = told(f"{HEAD}  - {phase}\n", tmp_path)
    assert line.endswith(expected)
