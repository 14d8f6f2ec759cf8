"""The inventory was edited after init: what of it can still follow, and what cannot. One table.

`fixed` fields stand in the cluster for good (kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure
names no way for them; the version and a host's role until kboot upgrades): Blocked. `reported` ones are said and left
alone. Labels and taints are reconciled by their own steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.facts.nodes import Node
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.tables.kubeadm import CONTROL_PLANE_LABEL
from bootstrap.model.target import Wanted
from bootstrap.steps.control_plane.kubeadm_config import cluster_configuration
from bootstrap.steps.kubectl import KUBEADM_CONFIG
from bootstrap.steps.reset import RESET


@dataclass(frozen=True, slots=True)
class Field:
    """A field of ClusterConfiguration by its path, and the words for it in the inventory."""

    path: tuple[str, ...]
    words: str


FIXED = (
    Field(("networking", "podSubnet"), "cluster.podCIDR"),
    Field(("networking", "serviceSubnet"), "cluster.serviceCIDR"),
    Field(("networking", "dnsDomain"), "cluster.dnsDomain"),
    Field(("controlPlaneEndpoint",), "cluster.endpoint"),
    Field(("kubernetesVersion",), "cluster.kubernetes"),
)
REPORTED = (
    Field(("apiServer", "certSANs"), "cluster.certSANs"),
    Field(("apiServer", "extraArgs"), "cluster.overlays.kubeadm.apiServer.extraArgs"),
    Field(("controllerManager", "extraArgs"), "cluster.overlays.kubeadm.controllerManager.extraArgs"),
    Field(("scheduler", "extraArgs"), "cluster.overlays.kubeadm.scheduler.extraArgs"),
    Field(("dns",), "cluster.overlays.kubeadm.dns"),
)


def drift(wanted: Wanted, objects: Mapping[Ref, Json], nodes: Mapping[str, Node]) -> Decision:
    """Blocked by the first fixed field that differs, else Satisfied with a note on what is only reported."""
    live, rendered = live_configuration(objects), cluster_configuration(wanted)
    for field in FIXED:
        found, given = _at(live, field.path), _at(rendered, field.path)
        if found and found != given:
            return _fixed(f"{field.words} is {given} in the inventory, and the cluster was made with {found}")
    if moved := _role_changed(wanted, nodes):
        return _fixed(moved)
    notes = [
        f"{field.words} differs from the cluster's and is left alone"
        for field in REPORTED
        if (given := _at(rendered, field.path)) is not None and _at(live, field.path) != given
    ]
    known = {host.name for host in wanted.inventory.hosts}
    notes += [f"node {name} is in the cluster and not in the inventory" for name in sorted(set(nodes) - known)]
    return Satisfied("; ".join(notes))


def live_configuration(objects: Mapping[Ref, Json]) -> Json:
    """ClusterConfiguration as kubeadm keeps it in the cluster; empty when it is not there or no YAML."""
    try:
        found = yaml.safe_load(objects[KUBEADM_CONFIG]["data"]["ClusterConfiguration"])
    except (KeyError, TypeError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}


def _role_changed(wanted: Wanted, nodes: Mapping[str, Node]) -> str:
    for host in wanted.inventory.workers:
        node = nodes.get(host.name)
        if node is not None and CONTROL_PLANE_LABEL in node.labels:
            return f"{host.name} is a worker in the inventory, and a control plane in the cluster"
    return ""


def _fixed(problem: str) -> Blocked:
    return Blocked(
        Code.FIXED_FIELD_CHANGED,
        problem,
        f"Put the old value back into the inventory, or rebuild the cluster. On every host: `{RESET}`.",
    )


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        document = document.get(key) if isinstance(document, Mapping) else None
    return document
