"""kubectl as an action on the first control plane, and the one question for all objects that steps read."""

import json

from bootstrap.facts.kubectl import ADMIN_CONF, Json, Ref, objects
from bootstrap.model.action import Run
from bootstrap.model.fact import Fact
from bootstrap.model.target import Wanted
from bootstrap.model.text import Text

FIELD_MANAGER = "kboot"
SYSTEM = "kube-system"
KUBEADM_CONFIG = Ref("v1", "ConfigMap", "kubeadm-config", SYSTEM)
KUBELET_CONFIG = Ref("v1", "ConfigMap", "kubelet-config", SYSTEM)
KUBE_PROXY_CONFIG = Ref("v1", "ConfigMap", "kube-proxy", SYSTEM)
KUBE_PROXY = Ref("apps/v1", "DaemonSet", "kube-proxy", SYSTEM)
COREDNS = Ref("apps/v1", "Deployment", "coredns", SYSTEM)
CLUSTER_INFO = Ref("v1", "ConfigMap", "cluster-info", "kube-public")
PROBE_RECORD = Ref("v1", "ConfigMap", "kboot-probe", SYSTEM)
PROBE_PODS = Ref("apps/v1", "DaemonSet", "kboot-probe", SYSTEM)
# What runs of an addon: looked at even where the inventory wants the addon no more.
FLANNEL = Ref("apps/v1", "DaemonSet", "kube-flannel-ds", "kube-flannel")
METRICS_SERVER = Ref("apps/v1", "Deployment", "metrics-server", SYSTEM)
_CONFIGURATIONS = (KUBEADM_CONFIG, KUBELET_CONFIG, KUBE_PROXY_CONFIG, CLUSTER_INFO)
OURS = (*_CONFIGURATIONS, KUBE_PROXY, COREDNS, PROBE_RECORD, PROBE_PODS, FLANNEL, METRICS_SERVER)


def kubectl(*arguments: str, stdin: Text | None = None, timeout_s: float = 60.0) -> Run:
    """Run kubectl as the cluster's admin."""
    argv = ("kubectl", "--kubeconfig", ADMIN_CONF, "--request-timeout=30s", *arguments)
    return Run(argv, stdin, timeout_s)


def applied(manifest: Text, manager: str = FIELD_MANAGER) -> Run:
    """Server-side apply (kubernetes.io/docs/reference/using-api/server-side-apply): it keeps no copy of the text in an
    annotation, takes back the fields that it set before and sets no more, and leaves others' fields alone."""
    how = ("--server-side", f"--field-manager={manager}", "--force-conflicts")
    return kubectl("apply", *how, "-f", "-", stdin=manifest)


def addon_objects(listing: str) -> list[Json]:
    """The objects of an addon's JSON list."""
    found: list[Json] = json.loads(listing)["items"] if listing else []
    return found


def cluster_objects(wanted: Wanted) -> Fact[dict[Ref, Json]]:
    """Every object that any step reads, kboot's own and those of the addons: the same question for all of them."""
    return objects({*OURS, *(Ref.of(item) for addon in wanted.addons for item in addon_objects(addon.objects))})
