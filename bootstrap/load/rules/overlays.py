"""Overlays: what the inventory has a field for is said there, once; TOML can write what stands in containerd's."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory

OVERLAYS: Path = ("cluster", "overlays")
# Field of upstream's format (ClusterConfiguration v1beta4, KubeletConfiguration v1beta1) -> field of the inventory.
_SAID_ELSEWHERE: dict[Path, str] = {
    ("kubeadm", "kubernetesVersion"): "cluster.kubernetes",
    ("kubeadm", "clusterName"): "cluster.name",
    ("kubeadm", "controlPlaneEndpoint"): "cluster.endpoint",
    ("kubeadm", "networking", "podSubnet"): "cluster.podCIDR",
    ("kubeadm", "networking", "serviceSubnet"): "cluster.serviceCIDR",
    ("kubeadm", "networking", "dnsDomain"): "cluster.dnsDomain",
    ("kubeadm", "apiServer", "certSANs"): "cluster.certSANs",
    ("kubelet", "clusterDomain"): "cluster.dnsDomain",
    ("kubeProxy", "clusterCIDR"): "cluster.podCIDR",
}


def said_once(inventory: Inventory) -> Iterator[Finding]:
    """Other steps read the inventory's field: an overlay beside it would make two truths."""
    overlays = inventory.cluster.overlays.model_dump(by_alias=True)
    for program, word in ((one, two) for one in ("kubeadm", "kubelet", "kubeProxy") for two in ("apiVersion", "kind")):
        if _has(overlays, (program, word)):
            rule = f"{word} is not to be changed: kboot writes one format of {program}'s"
            yield Finding((*OVERLAYS, program, word), Code.FIELD_INVALID, rule, "delete the line", at_key=True)
    for path, elsewhere in _SAID_ELSEWHERE.items():
        if _has(overlays, path):
            rule = f"{'.'.join(map(str, path))} is a field of the inventory"
            yield Finding((*OVERLAYS, *path), Code.FIELD_INVALID, rule, f"say it in {elsewhere}", at_key=True)


def arguments_are_lists(inventory: Inventory) -> Iterator[Finding]:
    """extraArgs were a mapping until v1beta3; `kubeadm init` would find out after the hosts were changed."""
    kubeadm = inventory.cluster.overlays.kubeadm
    for component in (("apiServer",), ("controllerManager",), ("scheduler",), ("etcd", "local")):
        found: Any = kubeadm
        for part in (*component, "extraArgs"):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, Mapping):
            rule = "extraArgs is a list since kubeadm's v1beta4"
            hint = ", ".join(f"{{name: {name}, value: {_argument(value)}}}" for name, value in found.items())
            path: Path = (*OVERLAYS, "kubeadm", *component, "extraArgs")
            yield Finding(path, Code.FIELD_INVALID, rule, f"write [{hint}]", at_key=True)


def _argument(value: Any) -> str:
    """The value as text in quotes; `false` is false to a program's flags as it is to YAML."""
    return json.dumps(value if isinstance(value, str) else "" if value is None else json.dumps(value))


def containerd_writable(inventory: Inventory) -> Iterator[Finding]:
    """TOML has no null (toml.io/en/v1.0.0)."""
    for path in _nulls(inventory.cluster.overlays.containerd, (*OVERLAYS, "containerd")):
        yield Finding(path, Code.FIELD_INVALID, "containerd's TOML has no empty value", "write one, or delete the line")


def _has(value: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(value, Mapping) or part not in value:
            return False
        value = value[part]
    return True


def _nulls(value: Any, path: Path) -> Iterator[Path]:
    if value is None:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _nulls(child, (*path, key))
