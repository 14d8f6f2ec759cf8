"""The configurations that kubeadm keeps in the cluster, and in what they differ from what was given.

kubeadm stores what it was given after a round through upstream's types: many fields get a default, durations and
quantities get their canonical form, and some zeros are dropped. So only what is given is compared, and by its meaning.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import yaml

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.model.safe_yaml import safe_load
from bootstrap.model.tables.kubeadm import (
    DROPPED_WHEN_ZERO,
    KUBE_PROXY_MADE_UP,
    KUBELET_MADE_UP,
    PRINTS_ZEROS,
    QUANTITIES,
)
from bootstrap.steps.kubectl import KUBE_PROXY_CONFIG, KUBEADM_CONFIG, KUBELET_CONFIG
from bootstrap.steps.quantity import same_quantity

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A configuration by its ConfigMap and the key there; `overlay` is the inventory's word for it.

    `made_up`: parts that kubeadm fills in itself. `prints_false`: switches that are off are stored although nobody
    gave them.
    """

    ref: Ref
    key: str
    overlay: str
    made_up: frozenset[str] = frozenset()
    prints_false: bool = False


CLUSTER = Document(KUBEADM_CONFIG, "ClusterConfiguration", "kubeadm")
KUBELET = Document(KUBELET_CONFIG, "kubelet", "kubelet", KUBELET_MADE_UP)
KUBE_PROXY = Document(KUBE_PROXY_CONFIG, "config.conf", "kubeProxy", KUBE_PROXY_MADE_UP, prints_false=True)

# Go's time.Duration as metav1.Duration takes it (pkg.go.dev/time#ParseDuration), in seconds.
_UNITS = {"ns": "1e-9", "us": "1e-6", "µs": "1e-6", "ms": "1e-3", "s": "1", "m": "60", "h": "3600"}
_PART = r"([0-9]+(?:\.[0-9]*)?)(ns|us|µs|ms|s|m|h)"
_DURATION = re.compile(rf"^(?:{_PART})+$")


def read(document: Document, objects: Mapping[Ref, Json]) -> Json | None:
    """The configuration as the cluster has it; None when it is not there or no YAML."""
    try:
        found = safe_load(objects[document.ref]["data"][document.key])
    except (KeyError, TypeError, AttributeError, yaml.YAMLError):
        return None
    return found if isinstance(found, dict) else None


def differences(given: Mapping[str, Any], live: Any, at: Path = ()) -> Iterator[Path]:
    """Paths of what is given and differs; lists are compared as a whole."""
    below = live if isinstance(live, Mapping) else {}
    for key, value in given.items():
        path = (*at, str(key))
        if isinstance(value, Mapping):
            yield from differences(value, below.get(key), path)
        elif not _same(value, below.get(key), path):
            yield path


def beside(document: Document, given: Mapping[str, Any], live: Mapping[str, Any], at: Path = ()) -> Iterator[Path]:
    """Paths of what stands in the cluster and is not given, as far as kubeadm does not make it up."""
    for key, value in live.items():
        path, mine = (*at, str(key)), given.get(key)
        if path[0] in document.made_up:
            continue
        if isinstance(value, Mapping):
            yield from beside(document, mine if isinstance(mine, Mapping) else {}, value, path)
        elif key not in given and not _is_unset(document, value, path):
            yield path


def _is_unset(document: Document, value: Any, path: Path) -> bool:
    if value is False:
        return document.prints_false
    return value in (None, "", "0s", []) or (path[0] == PRINTS_ZEROS and value in (0, "0"))


def _same(given: Any, live: Any, path: Path, *, in_list: bool = False) -> bool:
    if isinstance(given, list | tuple):
        return _same_list(given, live or [], path)
    if live is None:
        return given in {None, ""} or (not given and (in_list or path[-1] in DROPPED_WHEN_ZERO))
    if isinstance(given, bool) or isinstance(live, bool):
        return given is live
    if not QUANTITIES.isdisjoint(path):
        return same_quantity(str(given), str(live))
    return given == live or (isinstance(given, str) and isinstance(live, str) and _same_duration(given, live))


def _same_list(given: list[Any] | tuple[Any, ...], live: Any, path: Path) -> bool:
    if not isinstance(live, list) or len(given) != len(live):
        return False
    return all(_same_item(one, other, path) for one, other in zip(given, live, strict=True))


def _same_item(given: Any, live: Any, path: Path) -> bool:
    """An item of a list is given as a whole: what the live one has beside it was not given."""
    if not isinstance(given, Mapping):
        return _same(given, live, path, in_list=True)
    if not isinstance(live, Mapping):
        return False
    beside = any(value for key, value in live.items() if key not in given)
    return not beside and all(_same_item(value, live.get(key), (*path, str(key))) for key, value in given.items())


def _same_duration(one: str, other: str) -> bool:
    seconds = _seconds(one)
    return seconds is not None and seconds == _seconds(other)


def _seconds(words: str) -> Decimal | None:
    if not _DURATION.match(words):
        return None
    parts = re.findall(_PART, words)
    return sum((Decimal(number) * Decimal(_UNITS[unit]) for number, unit in parts), Decimal(0))
