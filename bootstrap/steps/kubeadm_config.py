"""kubeadm's configuration as the inventory wants it: for init and for a worker's join. Pure; overlays come last."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import yaml

from bootstrap.model.inventory import Host
from bootstrap.model.lock import Lock
from bootstrap.model.tables import kubeadm
from bootstrap.model.tables.versions import VERSIONS
from bootstrap.model.target import Wanted
from bootstrap.model.text import SecretRef, Text, sha256_hex, text
from bootstrap.steps.overlay import overlaid
from bootstrap.steps.token import DESCRIPTION, TTL

Json: TypeAlias = dict[str, Any]
_TOKEN = "@join-token@"  # noqa: S105  where the ref stands while the YAML is made
_ANY_RUN = "<run>"


def init_config(wanted: Wanted) -> Text:
    """The whole input of `kubeadm init`: InitConfiguration with this run's token, and the three configurations."""
    return _secured(_init_documents(wanted, wanted.run.run_id))


def init_marker(wanted: Wanted) -> str:
    """Digest of what init is asked for, the same in every run: over the text with its refs unresolved."""
    return sha256_hex(str(_secured(_init_documents(wanted, _ANY_RUN))))


def join_config(wanted: Wanted, host: Host, ca_hash: str) -> Text:
    """The input of `kubeadm join` for a worker: this run's token, and the CA's public key pinned as sha256:HEX."""
    discovery = {"apiServerEndpoint": wanted.inventory.endpoint, "token": _TOKEN, "caCertHashes": [ca_hash]}
    join = {
        "apiVersion": kubeadm.API_VERSION,
        "kind": "JoinConfiguration",
        "discovery": {"bootstrapToken": discovery},
        "nodeRegistration": _registration(wanted, host),
    }
    return _secured([join])


def cluster_configuration(wanted: Wanted) -> Json:
    """ClusterConfiguration: what all control planes share; uploaded by init as ConfigMap kubeadm-config."""
    cluster, first = wanted.inventory.cluster, wanted.inventory.first_control_plane
    endpoint = wanted.inventory.endpoint
    names = (first.name, first.node_address, first.address, endpoint.rpartition(":")[0], *cluster.cert_sans)
    rendered = {
        "apiVersion": kubeadm.API_VERSION,
        "kind": "ClusterConfiguration",
        "clusterName": cluster.name,
        "kubernetesVersion": f"v{cluster.kubernetes}",
        "controlPlaneEndpoint": endpoint,
        "networking": {
            "podSubnet": str(cluster.pod_cidr),
            "serviceSubnet": str(cluster.service_cidr),
            "dnsDomain": cluster.dns_domain,
        },
        "apiServer": {"certSANs": list(dict.fromkeys(names))},
        **_stand_ins(wanted),
    }
    return overlaid(rendered, cluster.overlays.kubeadm)


def part(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A mapping inside the configuration; empty where there is none: an overlay may say anything there."""
    found = config.get(key)
    return found if isinstance(found, Mapping) else {}


def _stand_ins(wanted: Wanted) -> Json:
    """The tags of etcd and CoreDNS where the bundle has others than this kubeadm names: it would find none of its own.

    An etcd of the inventory's own (`etcd.external`) excludes a local one (kubeadm v1beta4, Etcd).
    """
    known, lock = VERSIONS.get(wanted.inventory.cluster.kubernetes), wanted.lock
    if known is None or lock is None:
        return {}
    etcd = _tag_instead(lock, "registry.k8s.io/etcd", known.asked.etcd)
    dns = _tag_instead(lock, "registry.k8s.io/coredns/coredns", known.asked.coredns)
    external = "external" in part(wanted.inventory.cluster.overlays.kubeadm, "etcd")
    return {
        **({"etcd": {"local": {"imageTag": etcd}}} if etcd and not external else {}),
        **({"dns": {"imageTag": dns}} if dns else {}),
    }


def _tag_instead(lock: Lock, repository: str, asked: str) -> str:
    """The tag of what stands in for REPOSITORY:ASKED; empty where the bundle has that itself, or nothing."""
    try:
        found = lock.provided(f"{repository}:{asked}").rpartition(":")[2]
    except KeyError:
        return ""
    return "" if found == asked else found


def _init_documents(wanted: Wanted, run: str) -> list[Json]:
    first, overlays = wanted.inventory.first_control_plane, wanted.inventory.cluster.overlays
    init = {
        "apiVersion": kubeadm.API_VERSION,
        "kind": "InitConfiguration",
        # An empty list would be defaulted to one random token that lives for a day.
        "bootstrapTokens": [
            {
                "token": _TOKEN,
                "description": DESCRIPTION.format(run=run),
                "ttl": TTL,
                "usages": list(kubeadm.TOKEN_USAGES),
                "groups": [kubeadm.TOKEN_GROUP],
            }
        ],
        "localAPIEndpoint": {"advertiseAddress": first.node_address, "bindPort": 6443},
        "nodeRegistration": _registration(wanted, first),
    }
    kubelet = {"apiVersion": kubeadm.KUBELET_API_VERSION, "kind": "KubeletConfiguration", "cgroupDriver": "systemd"}
    kube_proxy = {"apiVersion": kubeadm.KUBE_PROXY_API_VERSION, "kind": "KubeProxyConfiguration"}
    return [
        init,
        cluster_configuration(wanted),
        overlaid(kubelet, overlays.kubelet),
        overlaid(kube_proxy, overlays.kube_proxy),
    ]


def _registration(wanted: Wanted, host: Host) -> Json:
    """With a bundle the images are on the host already, and a pull could only reach for the internet."""
    registration: Json = {
        "name": host.name,
        "criSocket": "unix:///run/containerd/containerd.sock",
        "imagePullPolicy": "IfNotPresent" if wanted.inventory.cluster.bundle is None else "Never",
        "kubeletExtraArgs": [{"name": "node-ip", "value": host.node_address}],
    }
    if ignored := wanted.inventory.cluster.checks.ignore_kubeadm:
        registration["ignorePreflightErrors"] = list(ignored)
    return registration


def _secured(documents: list[Json]) -> Text:
    """YAML documents, the token as a ref."""
    whole = yaml.safe_dump_all(documents, sort_keys=False, width=120)
    before, found, after = whole.partition(_TOKEN)
    if not found:
        return text(whole)
    # A quoted scalar: the ref's value must stay a string whatever its characters are.
    return text(before.removesuffix("'"), '"', SecretRef("join-token"), '"', after.removeprefix("'"))
