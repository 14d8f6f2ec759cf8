"""The playbooks that kboot ships, over the steps that it has."""

import pytest

from bootstrap.load.playbook import load_playbook
from bootstrap.load.shipped import shipped_playbooks
from bootstrap.model.playbook import Playbook
from bootstrap.model.step import Check
from bootstrap.steps import REGISTRY

INIT, JOIN, UP = (load_playbook(name) for name in ("init-master", "join-workers", "up"))


def phase_of(playbook: Playbook, step: str) -> tuple[int, str]:
    """Where a step stands, and for which targets."""
    phases = [*playbook.phases, *playbook.closing]
    return next((at, phase.targets) for at, phase in enumerate(phases) if step in {one.name() for one in phase.steps})


@pytest.mark.parametrize("name", shipped_playbooks())
def test_each_bears_the_name_of_its_file_and_says_what_it_does(name: str) -> None:
    playbook = load_playbook(name)
    assert playbook.name == name
    assert playbook.summary.endswith(".")


def test_up_has_every_step_that_there_is() -> None:
    assert set(UP.step_names()) == {step.name() for step in REGISTRY}


def test_init_master_and_join_workers_together_are_up() -> None:
    assert {*INIT.step_names(), *JOIN.step_names()} == set(UP.step_names())


@pytest.mark.parametrize("playbook", [INIT, JOIN, UP], ids=lambda playbook: playbook.name)
def test_every_preflight_check_comes_before_the_first_other_step(playbook: Playbook) -> None:
    others = [not isinstance(step, Check) for phase in playbook.phases for step in phase.steps]
    assert others == sorted(others)


@pytest.mark.parametrize("playbook", [INIT, JOIN, UP], ids=lambda playbook: playbook.name)
def test_what_is_undone_at_the_end_is_tried_whatever_happened(playbook: Playbook) -> None:
    assert [step.name() for phase in playbook.closing for step in phase.steps] == ["join-tokens-revoked", "probe-gone"]


def test_init_master_touches_no_worker() -> None:
    assert {phase.targets for phase in INIT.phases} == {
        "control-plane",
        "operator",
        "cluster",
        "cluster-without-workers",
    }


def test_join_workers_changes_the_control_plane_only_where_a_new_worker_must_be_let_in() -> None:
    everywhere = [step.name() for phase in JOIN.phases if phase.targets == "all" for step in phase.steps]
    assert everywhere == ["firewall-open"]


@pytest.mark.parametrize("playbook", [JOIN, UP], ids=lambda playbook: playbook.name)
def test_the_firewall_is_open_everywhere_before_the_first_worker_joins(playbook: Playbook) -> None:
    (opened, targets), (joined, _) = phase_of(playbook, "firewall-open"), phase_of(playbook, "worker-joined")
    assert targets == "all"
    assert opened < joined
