"""The packages that a bundle builds, with upstream's names, paths and relations.

Sources: kubernetes/release cmd/krel/templates/latest/{kubelet,kubeadm,kubectl,kubernetes-cni} with metadata.yaml (since
1.32 kubeadm depends on nothing and kubelet on kubernetes-cni, mount and util-linux; iptables is recommended), and
docker/containerd-packaging debian/control. Checked 2026-11-21.
"""

from bootstrap.bundle.make import units
from bootstrap.bundle.make.components import CNI_PLUGINS
from bootstrap.bundle.make.deb import Content, Package
from bootstrap.model.tables.systems import Release
from bootstrap.model.tables.versions import Versions

_REVISION = "1.1"
_ON_EVERY_NODE = ("containerd.io", "kubelet", "kubeadm", "kubectl")


def kubernetes_packages(versions: Versions) -> tuple[Package, ...]:
    """kubelet, kubeadm, kubectl and kubernetes-cni."""
    return (_kubelet(versions), _kubeadm(versions), _kubectl(versions), _kubernetes_cni(versions))


def containerd_package(versions: Versions, release: Release) -> Package:
    """containerd.io as Docker makes it: runc inside, in conflict with the distribution's containerd and runc."""
    built = versions.built
    programs = ("containerd", "containerd-shim-runc-v2", "ctr")
    return Package(
        "containerd.io",
        f"{built.containerd}-1~{release.id}.{release.version_id}~{release.codename}",
        "An open and reliable container runtime",
        f"github.com/containerd/containerd/v2@v{built.containerd}, github.com/opencontainers/runc@v{built.runc}",
        "Apache-2.0",
        (
            *(Content(f"/usr/bin/{program}", 0o755, "containerd", program) for program in programs),
            Content("/usr/bin/runc", 0o755, "runc", "runc"),
            Content(f"{units.UNIT_FOLDER}/containerd.service", text=units.CONTAINERD_UNIT),
            Content("/etc/containerd/config.toml", text=units.CONTAINERD_CONFIG),
        ),
        relations=(
            ("Depends", "libc6 (>= 2.34), libseccomp2 (>= 2.5.0)"),
            *((field, "containerd, runc") for field in ("Provides", "Conflicts", "Replaces")),
        ),
        conffiles=("/etc/containerd/config.toml",),
        scripts=units.enabled_and_started("containerd.service"),
        homepage="https://containerd.io",
    )


def packages_to_install() -> tuple[str, ...]:
    """Our packages that kboot asks apt for; kubernetes-cni follows kubelet."""
    return _ON_EVERY_NODE


def _source(versions: Versions) -> str:
    return f"k8s.io/kubernetes@v{versions.kubernetes}"


def _version(versions: Versions) -> str:
    return f"{versions.kubernetes}-{_REVISION}"


def _kubelet(versions: Versions) -> Package:
    keep = ("/var/lib/kubelet/.kubelet-keep", "/etc/kubernetes/manifests/.kubelet-keep")
    return Package(
        "kubelet",
        _version(versions),
        "Node agent for Kubernetes clusters",
        _source(versions),
        "Apache-2.0",
        (
            Content("/usr/bin/kubelet", 0o755, "kubernetes", "kubelet"),
            Content(f"{units.UNIT_FOLDER}/kubelet.service", text=units.KUBELET_UNIT),
            Content("/etc/default/kubelet", text=units.KUBELET_DEFAULTS),
            *(Content(path) for path in keep),
        ),
        relations=(
            ("Depends", "kubernetes-cni (>= 1.2.0), mount, util-linux"),
            ("Recommends", "iptables (>= 1.8.4)"),
        ),
        conffiles=("/etc/default/kubelet",),
        scripts=units.enabled("kubelet.service"),
    )


def _kubeadm(versions: Versions) -> Package:
    return Package(
        "kubeadm",
        _version(versions),
        "Command-line utility for administering a Kubernetes cluster",
        _source(versions),
        "Apache-2.0",
        (
            Content("/usr/bin/kubeadm", 0o755, "kubernetes", "kubeadm"),
            Content(f"{units.UNIT_FOLDER}/kubelet.service.d/10-kubeadm.conf", text=units.KUBEADM_DROP_IN),
        ),
    )


def _kubectl(versions: Versions) -> Package:
    return Package(
        "kubectl",
        _version(versions),
        "Command-line utility for interacting with a Kubernetes cluster",
        _source(versions),
        "Apache-2.0",
        (Content("/usr/bin/kubectl", 0o755, "kubernetes", "kubectl"),),
    )


def _kubernetes_cni(versions: Versions) -> Package:
    names = tuple(plugin.rsplit("/", 1)[1] for plugin in CNI_PLUGINS)
    return Package(
        "kubernetes-cni",
        f"{versions.built.cni}-{_REVISION}",
        "Binaries required to provision Kubernetes container networking",
        f"github.com/containernetworking/plugins@v{versions.built.cni}",
        "Apache-2.0",
        tuple(Content(f"/opt/cni/bin/{name}", 0o755, "cni-plugins", name) for name in names),
    )
