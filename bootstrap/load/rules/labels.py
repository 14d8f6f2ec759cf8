"""Labels and taints: their syntax, and those that are not the admin's to set."""

import re
from collections.abc import Iterator

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.load.rules.syntax import DOMAIN
from bootstrap.model.codes import Code
from bootstrap.model.inventory import CONTROL_PLANE_ROLE, Inventory
from bootstrap.model.tables.kubeadm import CONTROL_PLANE_LABEL

_NAME = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
# kubernetes.io/docs/concepts/overview/working-with-objects/labels: [prefix/]name, values at most 63.
_LABEL_VALUE = re.compile(rf"({_NAME})?")
# kubelet writes these itself (kubernetes.io/docs/reference/labels-annotations-taints); both would go on for ever.
_KUBELETS = ("kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch")

# What the node lifecycle controller writes (kubernetes.io/docs/reference/labels-annotations-taints).
_CONTROLLERS = {
    f"node.kubernetes.io/{word}"
    for word in (
        "not-ready",
        "unreachable",
        "unschedulable",
        "memory-pressure",
        "disk-pressure",
        "pid-pressure",
        "network-unavailable",
    )
}


def labels_parse(inventory: Inventory) -> Iterator[Finding]:
    """Label keys are [prefix/]name, values at most 63 of letters, digits, - _ and dots."""
    for index, host in enumerate(inventory.hosts):
        for key, value in host.labels.items():
            path: Path = ("hosts", index, "labels", key)
            if not _is_qualified(key):
                yield Finding(path, Code.FIELD_INVALID, f'"{key}" is not a label key', _KEY_HINT, at_key=True)
            if not _LABEL_VALUE.fullmatch(value):
                yield Finding(path, Code.FIELD_INVALID, f'"{value}" is not a label value', _VALUE_HINT)


def taints_parse(inventory: Inventory) -> Iterator[Finding]:
    """Taint keys and values have the syntax of labels; a key and effect stands once."""
    for index, host in enumerate(inventory.hosts):
        seen: set[tuple[str, str]] = set()
        for at, taint in enumerate(host.taints):
            path: Path = ("hosts", index, "taints", at)
            if not _is_qualified(taint.key):
                yield Finding((*path, "key"), Code.FIELD_INVALID, f'"{taint.key}" is not a taint key', _KEY_HINT)
            if not _LABEL_VALUE.fullmatch(taint.value):
                rule = f'"{taint.value}" is not a taint value'
                yield Finding((*path, "value"), Code.FIELD_INVALID, rule, _VALUE_HINT)
            if (taint.key, taint.effect) in seen:
                rule = f"the taint {taint.key}:{taint.effect} is given twice"
                yield Finding(path, Code.FIELD_INVALID, rule, "keep one: a node has one value for it")
            seen.add((taint.key, taint.effect))


def labels_are_the_admins(inventory: Inventory) -> Iterator[Finding]:
    """No label is kubelet's own, and none says the role once more."""
    for index, host in enumerate(inventory.hosts):
        for key in host.labels:
            path: Path = ("hosts", index, "labels", key)
            if key in _KUBELETS:
                rule = f"kubelet sets the label {key} itself"
                yield Finding(path, Code.FIELD_INVALID, rule, "delete the line", at_key=True)
            elif key == CONTROL_PLANE_LABEL:
                rule = f"the label {key} is said by `role`"
                yield Finding(path, Code.FIELD_INVALID, rule, "delete the line", at_key=True)


def taints_are_the_admins(inventory: Inventory) -> Iterator[Finding]:
    """No taint is the node controller's own, and none says the control plane's once more: one would undo the other."""
    for index, host in enumerate(inventory.hosts):
        for at, taint in enumerate(host.taints):
            path: Path = ("hosts", index, "taints", at)
            if taint.key in _CONTROLLERS:
                rule = f"Kubernetes sets and takes off the taint {taint.key} itself"
                yield Finding(path, Code.FIELD_INVALID, rule, "delete it")
            elif host.role == CONTROL_PLANE_ROLE and taint.key == CONTROL_PLANE_LABEL:
                rule = f"the taint {taint.key} is said by cluster.controlPlaneTaint"
                yield Finding(path, Code.FIELD_INVALID, rule, "delete it here; `controlPlaneTaint: keep` keeps it")


_KEY_HINT = "[prefix/]name: letters, digits, - _ . and at most 63 of them after the prefix"
_VALUE_HINT = "at most 63 letters, digits, - _ and dots; it starts and ends with a letter or digit"


def _is_qualified(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    return bool(re.fullmatch(_NAME, name)) and (not slash or bool(DOMAIN.fullmatch(prefix)))
