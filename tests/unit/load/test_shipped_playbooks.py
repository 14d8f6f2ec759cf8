"""The playbooks that kboot ships, over the steps that it has."""

from datetime import UTC, datetime

import pytest

from bootstrap.load.playbook import load_playbook
from bootstrap.load.shipped import shipped_playbooks
from bootstrap.model.inventory import Inventory
from bootstrap.model.playbook import Playbook, rows
from bootstrap.model.step import Check
from bootstrap.model.target import OPERATOR, RunValues, Wanted
from bootstrap.steps import REGISTRY

THREE_HOSTS = {
    "apiVersion": "kboot/v1",
    "hosts": [
        {"name": "cp1", "address": "192.0.2.11", "role": "control-plane"},
        *({"name": f"w{n}", "address": f"192.0.2.2{n}", "role": "worker"} for n in (1, 2)),
    ],
}
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


def test_init_master_asks_no_worker() -> None:
    inventory = Inventory.model_validate(THREE_HOSTS)
    wanted = Wanted(inventory, RunValues("run-1", "abcdef", datetime.now(UTC), "kubeconfig"))
    asked = {question.host for row in rows(INIT, wanted) for question in row.step.needs(row.target)}
    assert asked == {"cp1", OPERATOR}


@pytest.mark.parametrize("playbook", [INIT, JOIN, UP], ids=lambda playbook: playbook.name)
def test_no_certificate_is_made_or_used_before_the_clocks_agree(playbook: Playbook) -> None:
    """A control plane a day ahead makes a CA that is not yet valid for anybody else."""
    assert "clock-agrees" in playbook.step_names()


def test_join_workers_changes_the_control_plane_only_where_a_new_worker_must_be_let_in() -> None:
    everywhere = [step.name() for phase in JOIN.phases if phase.targets == "all" for step in phase.steps]
    assert everywhere == ["firewall-open"]


@pytest.mark.parametrize("playbook", [JOIN, UP], ids=lambda playbook: playbook.name)
def test_the_firewall_is_open_everywhere_before_the_first_worker_joins(playbook: Playbook) -> None:
    (opened, targets), (joined, _) = phase_of(playbook, "firewall-open"), phase_of(playbook, "worker-joined")
    assert targets == "all"
    assert opened < joined
