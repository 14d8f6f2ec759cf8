"""The images of a role by their names: kubeadm's by its own rules, the addons', and the one that probes the network."""

from collections.abc import Mapping
from typing import Any

from bootstrap.model.inventory import CONTROL_PLANE_ROLE
from bootstrap.model.tables.versions import VERSIONS, Versions
from bootstrap.model.target import Target, Wanted
from bootstrap.steps.cluster.probe import image as probe_image

_REGISTRY = "registry.k8s.io"
_CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")


def role_images(target: Target) -> tuple[str, ...]:
    """What a host of this role runs; empty for a Kubernetes version that is not known.

    Names as kubeadm makes them (cmd/kubeadm/app/images/images.go): `imageRepository`, `dns` and `etcd.local` of the
    inventory's overlay count.
    """
    wanted = target.wanted
    known = VERSIONS.get(wanted.inventory.cluster.kubernetes)
    if known is None:
        return ()
    masters = (*_kubernetes(wanted, known, *_CONTROL_PLANE), _etcd(wanted, known))
    node = (str(pause_image(target)), *_kubernetes(wanted, known, "kube-proxy"), _coredns(wanted, known))
    addons = tuple(image for addon in wanted.addons for image in addon.images)
    own = masters if target.machine.role == CONTROL_PLANE_ROLE else ()
    return tuple(dict.fromkeys((*own, *node, *addons, probe_image(wanted))))


def pause_image(target: Target) -> str | None:
    """The sandbox image that kubeadm of this version names, as the bundle has it; None for an unknown version."""
    known = VERSIONS.get(target.inventory.cluster.kubernetes)
    if known is None:
        return None
    reference = f"{_repository(target.wanted)}/pause:{known.asked.pause}"
    try:
        return target.wanted.lock.provided(reference) if target.wanted.lock else reference
    except KeyError:
        return reference


def _kubernetes(wanted: Wanted, known: Versions, *names: str) -> tuple[str, ...]:
    return tuple(f"{_repository(wanted)}/{name}:v{known.kubernetes}" for name in names)


def _etcd(wanted: Wanted, known: Versions) -> str:
    given = _given(_given(_overlay(wanted), "etcd"), "local")
    return f"{given.get('imageRepository') or _repository(wanted)}/etcd:{given.get('imageTag') or known.asked.etcd}"


def _coredns(wanted: Wanted, known: Versions) -> str:
    given = _given(_overlay(wanted), "dns")
    folder = f"{_REGISTRY}/coredns" if _repository(wanted) == _REGISTRY else _repository(wanted)
    return f"{given.get('imageRepository') or folder}/coredns:{given.get('imageTag') or known.asked.coredns}"


def _repository(wanted: Wanted) -> str:
    return str(_overlay(wanted).get("imageRepository") or _REGISTRY)


def _overlay(wanted: Wanted) -> Mapping[str, Any]:
    return wanted.inventory.cluster.overlays.kubeadm


def _given(overlay: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = overlay.get(key)
    return found if isinstance(found, Mapping) else {}
