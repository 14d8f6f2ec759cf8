"""The images of a role by their names: kubeadm's by its own rules, the addons', and the one that probes the network."""

from bootstrap.model.inventory import CONTROL_PLANE_ROLE
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES, VERSIONS, Versions
from bootstrap.model.target import Target, Wanted
from bootstrap.steps.kubeadm_config import Json, cluster_configuration, part

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost"
_REGISTRY = "registry.k8s.io"
_CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")


def wanted_images(target: Target) -> dict[str, str | None]:
    """What a host of this role gets, with the digests, which only a bundle knows beforehand."""
    lock = target.wanted.lock
    if lock is None:
        return dict.fromkeys(role_images(target))
    return {reference: lock.image(reference).manifest_digest for reference in lock.roles[target.machine.role].images}


def role_images(target: Target) -> tuple[str, ...]:
    """What a host of this role runs; empty for a Kubernetes version that is not known."""
    wanted, pause = target.wanted, pause_image(target)
    if pause is None:
        return ()
    addons = tuple(image for addon in wanted.addons for image in addon.images)
    return tuple(dict.fromkeys((pause, *kubeadm_images(target), *addons, probe_image(wanted))))


def kubeadm_images(target: Target) -> tuple[str, ...]:
    """What kubeadm puts on a host of this role, by the names that it will ask for; empty for an unknown version.

    Names as kubeadm makes them of its ClusterConfiguration (cmd/kubeadm/app/images/images.go).
    """
    known = VERSIONS.get(target.inventory.cluster.kubernetes)
    if known is None:
        return ()
    config = cluster_configuration(target.wanted)
    node = (*_kubernetes(config, known, "kube-proxy"), _coredns(config, known))
    if target.machine.role != CONTROL_PLANE_ROLE:
        return node
    return (*_kubernetes(config, known, *_CONTROL_PLANE), *_etcd(config, known), *node)


def pause_image(target: Target) -> str | None:
    """The sandbox image that kubeadm of this version names, as the bundle has it; None for an unknown version."""
    known = VERSIONS.get(target.inventory.cluster.kubernetes)
    if known is None:
        return None
    reference = f"{_repository(cluster_configuration(target.wanted))}/pause:{known.asked.pause}"
    try:
        return target.wanted.lock.provided(reference) if target.wanted.lock else reference
    except KeyError:
        return reference


def probe_image(wanted: Wanted) -> str:
    """agnhost as the bundle has it, else of the version that goes with this Kubernetes."""
    if bundled := bundled_probe_image(wanted):
        return bundled
    known = VERSIONS.get(wanted.inventory.cluster.kubernetes) or VERSIONS[DEFAULT_KUBERNETES]
    return f"{AGNHOST}:{known.agnhost}"


def bundled_probe_image(wanted: Wanted) -> str:
    """agnhost as the bundle has it; empty without a bundle, or in one that has none."""
    files = wanted.lock.files if wanted.lock else ()
    names = (file.reference or "" for file in files if file.kind == "image")
    return next((name for name in names if name.startswith(f"{AGNHOST}:")), "")


def _kubernetes(config: Json, known: Versions, *names: str) -> tuple[str, ...]:
    return tuple(f"{_repository(config)}/{name}:v{known.kubernetes}" for name in names)


def _etcd(config: Json, known: Versions) -> tuple[str, ...]:
    """None where the cluster takes an etcd that runs elsewhere."""
    etcd = part(config, "etcd")
    local = part(etcd, "local")
    name = f"{local.get('imageRepository') or _repository(config)}/etcd:{local.get('imageTag') or known.asked.etcd}"
    return () if "external" in etcd else (name,)


def _coredns(config: Json, known: Versions) -> str:
    dns = part(config, "dns")
    folder = f"{_REGISTRY}/coredns" if _repository(config) == _REGISTRY else _repository(config)
    return f"{dns.get('imageRepository') or folder}/coredns:{dns.get('imageTag') or known.asked.coredns}"


def _repository(config: Json) -> str:
    return str(config.get("imageRepository") or _REGISTRY)
