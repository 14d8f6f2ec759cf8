"""The inventory was edited after init: what of it can still follow, and what cannot. One table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
from itertools import chain
from typing import Any

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.facts.nodes import Node
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Satisfied
from bootstrap.model.inventory import CONTROL_PLANE_ROLE, Host
from bootstrap.model.tables.kubeadm import CONTROL_PLANE_LABEL
from bootstrap.model.target import Wanted
from bootstrap.steps.control_plane.live_configuration import (
    CLUSTER,
    KUBE_PROXY,
    KUBELET,
    Document,
    Path,
    beside,
    differences,
    read,
)
from bootstrap.steps.kubeadm_config import cluster_configuration
from bootstrap.steps.reset import RESET


class Fate(StrEnum):
    """What becomes of an edit.

    `fixed` stands in the cluster for good (kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure
    names no way for it; the version and a host's role until kboot upgrades): Blocked. `reported` is said and left
    alone. `reconciled` is brought about, or asked for anew, by the steps that read it.
    """

    FIXED = "fixed"
    REPORTED = "reported"
    RECONCILED = "reconciled"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the inventory, and where it stands in ClusterConfiguration (nowhere: this file looks elsewhere)."""

    words: str
    fate: Fate
    path: Path = ()


TABLE = (
    Field("cluster.podCIDR", Fate.FIXED, ("networking", "podSubnet")),
    Field("cluster.serviceCIDR", Fate.FIXED, ("networking", "serviceSubnet")),
    Field("cluster.dnsDomain", Fate.FIXED, ("networking", "dnsDomain")),
    Field("cluster.endpoint", Fate.FIXED, ("controlPlaneEndpoint",)),
    Field("cluster.kubernetes", Fate.FIXED, ("kubernetesVersion",)),
    Field("cluster.name", Fate.REPORTED, ("clusterName",)),
    Field("cluster.certSANs", Fate.REPORTED, ("apiServer", "certSANs")),
    Field("cluster.overlays.kubeadm", Fate.REPORTED),
    Field("cluster.overlays.kubelet", Fate.REPORTED),
    Field("cluster.overlays.kubeProxy", Fate.REPORTED),
    Field("cluster.overlays.containerd", Fate.RECONCILED),
    Field("cluster.firewall", Fate.RECONCILED),
    Field("cluster.addons", Fate.RECONCILED),  # one that is gone from the inventory is reported
    Field("cluster.bundle", Fate.RECONCILED),
    Field("cluster.bundleKey", Fate.RECONCILED),
    Field("cluster.mirrors", Fate.RECONCILED),
    Field("cluster.controlPlaneTaint", Fate.RECONCILED),
    Field("cluster.runtimeConflict", Fate.RECONCILED),
    Field("cluster.checks", Fate.RECONCILED),
    Field("hosts.name", Fate.REPORTED),  # one that is gone from the inventory; a new one joins
    Field("hosts.role", Fate.FIXED),
    Field("hosts.address", Fate.FIXED),  # of a control plane, whose certificates and etcd hold it; else reported
    Field("hosts.nodeIP", Fate.FIXED),
    Field("hosts.labels", Fate.RECONCILED),
    Field("hosts.taints", Fate.RECONCILED),
    Field("hosts.ssh", Fate.RECONCILED),
)
_ADVICE = f"Put the old value back into the inventory, or rebuild the cluster. On every host: `{RESET}`."
_IN_CLUSTER = {field.path: field for field in TABLE if field.path}
# Settings of ClusterConfiguration that kubeadm never makes up: in the cluster they stand because somebody gave them.
_GIVEN_ONLY: tuple[Path, ...] = (
    *((part, kind) for part in ("apiServer", "controllerManager", "scheduler") for kind in ("extraArgs", "extraEnvs")),
    *((part, "extraVolumes") for part in ("apiServer", "controllerManager", "scheduler")),
    *(("etcd", "local", "extraArgs"), ("dns", "imageTag"), ("dns", "imageRepository"), ("featureGates",)),
)


def drift(
    wanted: Wanted, objects: Mapping[Ref, Json], nodes: Mapping[str, Node], *, edited: bool = False
) -> Blocked | Satisfied:
    """Blocked by the first fixed field that differs, else Satisfied with a remark on all that is only reported.

    `edited`: init was given something else than the inventory says now, so that something may have been taken out.
    """
    live, rendered = read(CLUSTER, objects), cluster_configuration(wanted)
    if problem := next(chain(_fixed(rendered, live or {}), _hosts_fixed(wanted, nodes)), ""):
        return Blocked(Code.FIXED_FIELD_CHANGED, problem, _ADVICE)
    overlays = wanted.inventory.cluster.overlays
    remarks = [
        *_reported(rendered, live),
        *_overlay(KUBELET, overlays.kubelet, objects, edited=edited),
        *_overlay(KUBE_PROXY, overlays.kube_proxy, objects, edited=edited),
        *_hosts_reported(wanted, nodes),
    ]
    return Satisfied(remark="\n".join(remarks))


def _fixed(rendered: Json, live: Json) -> Iterator[str]:
    for field in TABLE:
        found, given = _at(live, field.path), _at(rendered, field.path)
        if field.path and field.fate is Fate.FIXED and found and found != given:
            yield f"{field.words} is {given} in the inventory, and the cluster was made with {found}"


def _hosts_fixed(wanted: Wanted, nodes: Mapping[str, Node]) -> Iterator[str]:
    for host in wanted.inventory.workers:
        if host.name in nodes and CONTROL_PLANE_LABEL in nodes[host.name].labels:
            yield f"{host.name} is a worker in the inventory, and a control plane in the cluster"
    yield from (words for host, words in _moved(wanted, nodes) if host.role == CONTROL_PLANE_ROLE)


def _reported(rendered: Json, live: Json | None) -> Iterator[str]:
    """What of ClusterConfiguration differs and is not fixed: what the inventory gives, then what it gave once."""
    if live is None:
        yield f"{CLUSTER.ref.name} in {CLUSTER.ref.namespace} cannot be read: an edit of the inventory goes unnoticed"
        return
    for path in differences(rendered, live):
        field = _IN_CLUSTER.get(path)
        same_names = path == ("apiServer", "certSANs") and _as_set(_at(rendered, path)) == _as_set(_at(live, path))
        if path != ("apiVersion",) and not same_names and (field is None or field.fate is Fate.REPORTED):
            yield _differs(field.words if field else _overlay_words(CLUSTER, path))
    for path in _GIVEN_ONLY:
        if _at(live, path) and _at(rendered, path) is None:
            yield _not_given(_overlay_words(CLUSTER, path))


def _overlay(
    document: Document, given: Mapping[str, Any], objects: Mapping[Ref, Json], *, edited: bool
) -> Iterator[str]:
    """What an overlay gives and the cluster has not, and what it gave once; new nodes are made with the ConfigMap."""
    live = read(document, objects)
    if live is None:
        if given:
            yield f"cluster.overlays.{document.overlay} cannot be compared: {document.ref.name} cannot be read"
        return
    yield from (_differs(_overlay_words(document, path)) for path in differences(given, live))
    # Without an edit, what the cluster has beside it is a default that kboot does not know.
    if edited:
        yield from (_not_given(_overlay_words(document, path)) for path in beside(document, given, live))


def _hosts_reported(wanted: Wanted, nodes: Mapping[str, Node]) -> Iterator[str]:
    for host, words in _moved(wanted, nodes):
        if host.role != CONTROL_PLANE_ROLE:
            yield f"{words}, and is left alone; to join it anew, on {host.name}: `{RESET}`, then run again"
    for name in sorted(set(nodes) - {host.name for host in wanted.inventory.hosts}):
        yield f"node {name} is in the cluster and not in the inventory"


def _moved(wanted: Wanted, nodes: Mapping[str, Node]) -> Iterator[tuple[Host, str]]:
    """Hosts whose Node has another address than the inventory says."""
    for host in wanted.inventory.hosts:
        found = nodes[host.name].address if host.name in nodes else ""
        if _is_ipv4(found) and _is_ipv4(host.node_address) and found != host.node_address:
            field, place = "nodeIP" if host.node_ip else "address", wanted.places.get(host.name)
            given = f"{host.node_address} in the inventory" + (f" ({place})" if place else "")
            yield host, f"{field} of {host.name} is {given}, and {found} in the cluster"


def _is_ipv4(words: str) -> bool:
    try:
        return bool(IPv4Address(words))
    except AddressValueError:
        return False


def _differs(words: str) -> str:
    return f"{words} differs from the cluster's and is left alone"


def _not_given(words: str) -> str:
    return f"{words} is in the cluster and not in the inventory, and is left alone"


def _overlay_words(document: Document, path: Path) -> str:
    return ".".join(("cluster.overlays", document.overlay, *path))


def _as_set(names: Any) -> frozenset[str]:
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()


def _at(document: Any, path: Path) -> Any:
    for key in path:
        document = document.get(key) if isinstance(document, Mapping) else None
    return document
