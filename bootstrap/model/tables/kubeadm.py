"""kubeadm's configuration API and the names of its preflight checks; checked 2026-11 on 1.34 to 1.36.

Sources: kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4 (since 1.31) and, for the checks' names,
cmd/kubeadm/app/preflight/checks.go: `FileAvailable-` and `DirAvailable-` with the path's slashes as dashes, `Port-N`.
"""

from bootstrap.model.tables import ports

API_VERSION = "kubeadm.k8s.io/v1beta4"
KUBELET_API_VERSION = "kubelet.config.k8s.io/v1beta1"
KUBE_PROXY_API_VERSION = "kubeproxy.config.k8s.io/v1alpha1"
CONTROL_PLANE_LABEL = "node-role.kubernetes.io/control-plane"
CONTROL_PLANE_TAINT = f"{CONTROL_PLANE_LABEL}:NoSchedule"
WORKER_LABEL = "node-role.kubernetes.io/worker"
TOKEN_GROUP = "system:bootstrappers:kubeadm:default-node-token"  # noqa: S105  a group's name
TOKEN_USAGES = ("signing", "authentication")

# Numbers and switches that upstream's types leave out of a stored configuration when they are zero or false, because
# that is what they are when nobody gives them: not pointers, and omitempty. From types.go of kubelet's config/v1beta1,
# kube-proxy's config/v1alpha1 and kubeadm's v1beta4, 1.36.3.
DROPPED_WHEN_ZERO = frozenset({
    *("port", "readOnlyPort", "rotateCertificates", "serverTLSBootstrap", "registryBurst", "eventBurst", "maxPods"),
    *("enableContentionProfiling", "nodeLeaseDurationSeconds", "runOnce", "maxOpenFiles", "kubeAPIBurst"),
    *("evictionMaxPodGracePeriod", "podsPerCore", "protectKernelDefaults", "kernelMemcgNotification"),
    *("windowsRunAsService", "disabled"),
})  # fmt: skip
# Below these keys stand quantities, which are stored in their canonical form: 1024Mi as 1Gi.
QUANTITIES = frozenset({"reservedMemory", "infoBufferSize"})

# What kubeadm itself puts into the two component configurations (cmd/kubeadm/app/componentconfigs, 1.34 to 1.36), and
# the one part whose zeros are printed.
KUBELET_MADE_UP = frozenset({
    *("apiVersion", "kind", "authentication", "authorization", "cgroupDriver", "clusterDNS", "clusterDomain"),
    *("healthzBindAddress", "healthzPort", "resolvConf", "rotateCertificates", "staticPodPath"),
})  # fmt: skip
KUBE_PROXY_MADE_UP = frozenset({"apiVersion", "kind", "bindAddress", "clientConnection", "clusterCIDR"})
PRINTS_ZEROS = "logging"


def file_check(path: str) -> str:
    """The name of the check that refuses an existing file."""
    return f"FileAvailable-{path.replace('/', '-')}"


def dir_check(path: str) -> str:
    """The name of the check that refuses a folder with something in it."""
    return f"DirAvailable-{path.replace('/', '-')}"


# What a control plane of our own half-done init listens on.
INIT_PORT_CHECKS = tuple(
    f"Port-{port}" for port in (ports.API_SERVER, ports.SCHEDULER, ports.CONTROLLER_MANAGER, ports.KUBELET, *ports.ETCD)
)
JOIN_PORT_CHECKS = (f"Port-{ports.KUBELET}",)
