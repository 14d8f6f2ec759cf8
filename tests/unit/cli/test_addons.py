"""`kboot addons`: what a list says of each state, and which steps an apply walks."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bootstrap.cli.addon_states import shipped, states, step_of, steps_of
from bootstrap.cli.boundary import guarded
from bootstrap.cli.root import kboot
from bootstrap.facts.kubectl import Ref
from bootstrap.load.shipped import shipped_addons
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.plan import Plan, Planned
from bootstrap.model.playbook import Row
from bootstrap.model.target import Addon, RunValues, Target, Wanted
from bootstrap.show.addon_text import LOOKS, addon_lines
from bootstrap.steps import REGISTRY
from bootstrap.steps.kubectl import cluster_objects

INVENTORY = Inventory(api_version="kboot/v1", hosts=(Host(name="cp1", address="192.0.2.1", role="control-plane"),))
REF = Ref("apps/v1", "Deployment", "metrics-server", "kube-system")


def workload(image: str, **status: int) -> dict[str, Any]:
    """A Deployment that runs this image."""
    metadata = {"name": REF.name, "namespace": REF.namespace}
    spec = {"template": {"spec": {"containers": [{"image": image}]}}}
    return {"apiVersion": REF.api_version, "kind": REF.kind, "metadata": metadata, "spec": spec, "status": status}


ADDON = Addon("metrics-server", "0.9.0", json.dumps({"items": [workload("metrics:v0.9.0")]}))
WANTED = Wanted(
    INVENTORY, RunValues("run", "abcdef", datetime(2026, 1, 1, tzinfo=UTC), "kubeconfig"), addons=(ADDON,)
)  # fmt: skip


def listed(decision: Decision | None, live: Mapping[Ref, Any]) -> tuple[str, str]:
    """State and detail of metrics-server."""
    step = next(one for one in REGISTRY if one.name() == step_of("metrics-server"))
    row = Row("addons", step, Target("cluster", INVENTORY.first_control_plane, WANTED))
    rows = (Planned(row, decision),) if decision else ()
    plan = Plan(rows, fallen=() if decision else (("cp1", "refused"),))
    facts = Facts({Question("cp1", cluster_objects(WANTED)): Known(dict(live))})
    (found, *_) = states(WANTED, plan, facts)
    assert found.state in LOOKS
    return found.state, found.detail


@pytest.mark.parametrize(
    ("decision", "live", "said"),
    [
        (Satisfied(), {REF: workload("metrics:v0.9.0", readyReplicas=1)}, ("ready", "")),
        (
            Satisfied(),
            {REF: workload("metrics:v0.9.0")},
            ("not-ready", "0 of 1 pods of Deployment metrics-server are ready"),
        ),
        (Change("apply", ()), {}, ("absent", "kboot addons apply")),
        (Change("apply", ()), {REF: workload("metrics:v0.8.0")}, ("differs", "the cluster runs metrics:v0.8.0")),
        (Change("apply it", ()), {REF: workload("metrics:v0.9.0")}, ("differs", "edited: apply it")),
        (Later("control-plane-initialised", "metrics"), {}, ("absent", "no cluster yet")),
        (Waiting("the API server does not answer"), {}, ("unknown", "the API server does not answer")),
        (Blocked(Code.ADDON_MISSING, "it is not there", ""), {}, ("unknown", "it is not there")),
        (None, {}, ("unknown", "refused")),
    ],
    ids=str,
)
def test_each_state_has_its_word(decision: Decision | None, live: dict[Ref, Any], said: tuple[str, str]) -> None:
    assert listed(decision, live) == said


def test_what_is_shipped_and_not_wanted_is_listed_last() -> None:
    facts = Facts({Question("cp1", cluster_objects(WANTED)): Known({})})
    found = tuple(states(WANTED, Plan(()), facts))
    assert [(one.name, one.wanted) for one in found] == [("metrics-server", True), ("flannel", False)]


@pytest.mark.parametrize("name", shipped_addons())
def test_every_addon_has_a_step_of_its_name_and_one_that_proves_it(name: str) -> None:
    own, *proofs = steps_of(name)
    assert own in {step.name() for step in REGISTRY}
    assert proofs


def test_apply_walks_the_addons_steps_and_the_proof_of_each() -> None:
    assert steps_of("metrics-server") == ("metrics-server-running", "metrics-answering")
    assert steps_of("flannel") == ("flannel-running", "nodes-ready")


def test_a_table_is_aligned() -> None:
    lines = [line.plain for line in addon_lines(replace(one, state="ready") for one in shipped())]
    assert lines[0].split() == ["ADDON", "VERSION", "STATE"]
    assert {line.index("ready") for line in lines[1:]} == {lines[0].index("STATE")}


def test_without_an_inventory_the_shipped_ones_are_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert guarded(kboot, ["addons", "list"]) == 0
    assert "flannel" in capsys.readouterr().out
    assert guarded(kboot, ["addons", "list", "-i", "none.yaml"]) == 3


def test_an_addon_that_the_inventory_does_not_have_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    hosts = "hosts: [{name: cp1, address: 192.0.2.1, role: control-plane}]"
    Path("lab.yaml").write_text(f"apiVersion: kboot/v1\ncluster: {{addons: [flannel]}}\n{hosts}\n")
    assert guarded(kboot, ["addons", "apply", "metrics-server"]) == 2
    assert "cluster.addons has no 'metrics-server'; known here: flannel" in capsys.readouterr().err
    assert guarded(kboot, ["addons", "apply", "flanel"]) == 2
    assert 'did you mean "flannel"?' in capsys.readouterr().err


def test_an_inventory_without_addons_has_nothing_to_apply_and_everything_to_list(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    hosts = "hosts: [{name: cp1, address: 192.0.2.1, role: control-plane}]"
    Path("lab.yaml").write_text(f"apiVersion: kboot/v1\ncluster: {{addons: []}}\n{hosts}\n")
    assert guarded(kboot, ["addons", "apply"]) == 2
    assert "nothing to apply" in capsys.readouterr().err
    assert guarded(kboot, ["addons", "list"]) == 0
    assert "unwanted" in capsys.readouterr().out
