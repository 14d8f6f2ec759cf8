"""Which version of every part goes with a Kubernetes version.

`Asked` was read from `cmd/kubeadm/app/constants/constants.go` of each k8s.io/kubernetes module and is compared with it
again by every build. `Built` is what the Go module proxy serves; checked 2026-11-21. cri-tools is not served there, and
kubeadm needs it no more since 1.32; upstream's package asked for it up to 1.36.1 (kubernetes/release#4387), ours does
not.
"""

from dataclasses import dataclass

DEFAULT_KUBERNETES = "1.36.3"


@dataclass(frozen=True)
class Asked:
    """Image tags that kubeadm of this version names."""

    etcd: str
    coredns: str
    pause: str


@dataclass(frozen=True)
class Built:
    """Versions of the modules around Kubernetes, without a v; `flannel_cni_asked` is the tag in flannel's manifest."""

    etcd: str = "3.6.8"
    coredns: str = "1.14.3"
    containerd: str = "2.3.7"
    runc: str = "1.5.2"
    cni: str = "1.9.1"
    flannel: str = "0.28.4"
    flannel_cni: str = "0.9.1"
    flannel_cni_asked: str = "v1.9.1-flannel1"
    metrics_server: str = "0.9.0"


@dataclass(frozen=True)
class Versions:
    """Everything that goes with one Kubernetes version. `staging` is the version of its k8s.io/* libraries."""

    kubernetes: str
    asked: Asked
    agnhost: str
    built: Built = Built()

    @property
    def staging(self) -> str:
        """1.36.3 -> 0.36.3: upstream publishes the staging repositories so."""
        return "0." + self.kubernetes.split(".", 1)[1]

    @property
    def minor(self) -> str:
        """1.36.3 -> 1.36."""
        return self.kubernetes.rsplit(".", 1)[0]


_KNOWN = (
    Versions("1.36.3", Asked(etcd="3.6.8-0", coredns="v1.14.2", pause="3.10.2"), agnhost="2.63.0"),
    Versions("1.36.1", Asked(etcd="3.6.8-0", coredns="v1.14.2", pause="3.10.2"), agnhost="2.63.0"),
    Versions("1.35.4", Asked(etcd="3.6.6-0", coredns="v1.13.1", pause="3.10.1"), agnhost="2.59"),
    Versions("1.34.4", Asked(etcd="3.6.5-0", coredns="v1.12.1", pause="3.10.1"), agnhost="2.56"),
)
VERSIONS: dict[str, Versions] = {known.kubernetes: known for known in _KNOWN}
