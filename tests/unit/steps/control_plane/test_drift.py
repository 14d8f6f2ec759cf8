"""An edited inventory is never silently ignored, and one that nobody edited never reported."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.facts.nodes import Node
from bootstrap.lab.inventory import inventory_text
from bootstrap.lab.machine import Machine
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState
from bootstrap.model.decision import Blocked, Satisfied
from bootstrap.model.inventory import Cluster, Host, Inventory, Overlays
from bootstrap.model.lock import Lock
from bootstrap.model.target import RunValues, Wanted
from bootstrap.steps.control_plane.drift import TABLE, drift
from bootstrap.steps.control_plane.live_configuration import CLUSTER, KUBE_PROXY, KUBELET
from tests.unit.steps.test_kubeadm_config import image

GOLDEN = Path(__file__).parent / "golden"
LAB = LabState(Path("/var/lib/kboot/lab/lab"))
RUN = RunValues("run-1", "abcdef", datetime(2026, 11, 21, tzinfo=UTC), "/kubeconfig")
# The lab's bundle has another CoreDNS than kubeadm 1.36.3 names.
LOCK = Lock(
    "1.36.3", "amd64", ("bookworm",), "A" * 40, {}, (image("registry.k8s.io/coredns/coredns", "v1.14.3", "v1.14.2"),)
)
# What kubeadm 1.36.3 stores for the lab's inventory (`kubeadm init phase upload-config|addon kube-proxy`).
LIVE: dict[Ref, Json] = {
    one.ref: {"data": {one.key: (GOLDEN / f"live-{one.ref.name}.yaml").read_text()}}
    for one in (CLUSTER, KUBELET, KUBE_PROXY)
}


def _lab(machine: Machine) -> Inventory:
    text = inventory_text(LAB, LabSpec("lab", bundle="bundle").with_hosts(3), machine)
    return Inventory.model_validate(yaml.safe_load(text))


def _nodes(inventory: Inventory) -> dict[str, Node]:
    return {host.name: Node(host.name, "uid", "id", "True", address=host.node_address) for host in inventory.hosts}


def _edited(**cluster: Any) -> Inventory:
    raw = _lab(Machine(cgroup_v1=True, may_lower_oom_score=False)).model_dump(mode="json", by_alias=True)
    return Inventory.model_validate({**raw, "cluster": {**raw["cluster"], **cluster}})


def _wanted(inventory: Inventory) -> Wanted:
    return Wanted(inventory, RUN, lock=LOCK)


def _drift(inventory: Inventory) -> Blocked | Satisfied:
    return drift(_wanted(inventory), LIVE, _nodes(inventory))


@pytest.mark.parametrize("cgroup_v1", [True, False])
def test_a_second_up_on_the_labs_inventory_has_nothing_to_report(cgroup_v1: bool) -> None:
    inventory = _lab(Machine(cgroup_v1=cgroup_v1, may_lower_oom_score=False))
    assert _drift(inventory) == Satisfied()


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"name": "dev"}, ["cluster.name"]),
        ({"certSANs": ["vip.example"]}, ["cluster.certSANs"]),
        ({"overlays": {"kubelet": {"maxPods": 250}}}, ["overlays.kubelet.maxPods"]),
        ({"overlays": {"kubeProxy": {"mode": "nftables"}}}, ["overlays.kubeProxy.mode"]),
        (
            {"overlays": {"kubeadm": {"imageRepository": "r.example"}}},
            ["cluster.overlays.kubeadm.imageRepository"],
        ),
    ],
)
def test_an_edit_is_reported(edit: dict[str, Any], told: list[str]) -> None:
    said = _drift(_edited(**edit))
    assert isinstance(said, Satisfied)
    lines = said.remark.splitlines()
    assert len(lines) == len(told)
    assert all(words in line for words, line in zip(told, lines, strict=True))


def test_what_was_taken_out_is_reported_once_init_was_given_something_else() -> None:
    kubelet = {name: given for name, given in _edited().cluster.overlays.kubelet.items() if name != "failCgroupV1"}
    inventory = _edited(overlays={"kubelet": kubelet, "kubeProxy": {"conntrack": {"min": 0}}})
    wanted, nodes = _wanted(inventory), _nodes(inventory)
    assert drift(wanted, LIVE, nodes) == Satisfied()
    said = drift(wanted, LIVE, nodes, edited=True)
    assert isinstance(said, Satisfied)
    assert said.remark.splitlines() == [
        f"cluster.overlays.{what} is in the cluster and not in the inventory, and is left alone"
        for what in ("kubelet.failCgroupV1", "kubeProxy.conntrack.maxPerCore")
    ]


def test_a_tag_that_nothing_gives_any_more_is_reported() -> None:
    said = drift(Wanted(_edited(bundle=None), RUN), LIVE, _nodes(_edited()))
    assert isinstance(said, Satisfied)
    assert "dns.imageTag is in the cluster and not in the inventory" in said.remark


def test_what_kubeadm_makes_up_is_never_taken_for_a_setting() -> None:
    inventory = _lab(Machine(cgroup_v1=True, may_lower_oom_score=False))
    assert drift(_wanted(inventory), LIVE, _nodes(inventory), edited=True) == Satisfied()


def test_names_in_another_order_are_the_same_names() -> None:
    live = LIVE[CLUSTER.ref]["data"][CLUSTER.key].replace("- cp1\n  - 10.77.0.11", "- 10.77.0.11\n  - cp1")
    inventory = _edited()
    objects = {**LIVE, CLUSTER.ref: {"data": {CLUSTER.key: live}}}
    assert live != LIVE[CLUSTER.ref]["data"][CLUSTER.key]
    assert drift(_wanted(inventory), objects, _nodes(inventory)) == Satisfied()


@pytest.mark.parametrize("moved", ["cp1", "w1"])
def test_an_address_that_was_edited_is_named_with_its_line(moved: str) -> None:
    inventory = _edited()
    nodes = {**_nodes(inventory), moved: Node(moved, "uid", "id", "True", address="10.77.0.99")}
    wanted = replace(_wanted(inventory), places={moved: "lab.yaml:12"})
    said = drift(wanted, LIVE, nodes)
    assert "in the inventory (lab.yaml:12), and 10.77.0.99 in the cluster" in f"{said}"


@pytest.mark.parametrize("address", ["", "fd00::11", "cp1.example"])
def test_an_address_that_cannot_be_compared_is_not_reported(address: str) -> None:
    inventory = _edited()
    nodes = {"cp1": Node("cp1", "uid", "id", "True", address=address)}
    assert drift(_wanted(inventory), LIVE, nodes) == Satisfied()


def test_every_field_of_the_inventory_has_its_row() -> None:
    fields = {*_fields(Cluster, "cluster"), *_fields(Host, "hosts")} - {"cluster.overlays"}
    fields |= set(_fields(Overlays, "cluster.overlays"))
    assert fields - {field.words for field in TABLE} == set()


def _fields(model: type[BaseModel], prefix: str) -> Iterator[str]:
    return (f"{prefix}.{field.alias or name}" for name, field in model.model_fields.items())
