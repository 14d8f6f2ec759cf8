"""The programs of a bundle: one table of modules and commands. What init needs first stands first."""

from bootstrap.bundle.make.golang import Build, Module
from bootstrap.model.tables.versions import Versions

KUBERNETES_PROGRAMS = (
    "cmd/kubeadm",
    "cmd/kubelet",
    "cmd/kubectl",
    "cmd/kube-apiserver",
    "cmd/kube-controller-manager",
    "cmd/kube-scheduler",
    "cmd/kube-proxy",
    "test/images/agnhost",
)
CNI_PLUGINS = (
    *("ipam/dhcp", "ipam/host-local", "ipam/static"),
    *("main/bridge", "main/dummy", "main/host-device", "main/ipvlan", "main/loopback"),
    *("main/macvlan", "main/ptp", "main/tap", "main/vlan"),
    *("meta/bandwidth", "meta/firewall", "meta/portmap", "meta/sbr", "meta/tuning", "meta/vrf"),
)
_CNI = "github.com/containernetworking/plugins"
_CONTAINERD = "github.com/containerd/containerd/v2"
_CNI_BUILD_VERSION = f"{_CNI}/pkg/utils/buildversion.BuildVersion"


def kubernetes(versions: Versions) -> Build:
    """kubeadm, kubelet, kubectl, the control plane, kube-proxy and agnhost, in one build: they share most packages."""
    module = Module("k8s.io/kubernetes", f"v{versions.kubernetes}")
    return Build(
        "kubernetes",
        (module,),
        tuple(f"{module.path}/{program}" for program in KUBERNETES_PROGRAMS),
        variables=_kubernetes_version(versions),
        staging=versions.staging,
    )


def around_kubernetes(versions: Versions) -> tuple[Build, ...]:
    """Everything else, in the order in which a first control plane asks for it."""
    return (*_runtime(versions), *_cluster_services(versions), *_network(versions))


def _runtime(versions: Versions) -> tuple[Build, ...]:
    built = versions.built
    return (
        Build(
            "containerd",
            (Module(_CONTAINERD, f"v{built.containerd}"),),
            tuple(f"{_CONTAINERD}/cmd/{program}" for program in ("containerd", "ctr", "containerd-shim-runc-v2")),
            variables=((f"{_CONTAINERD}/version.Version", f"v{built.containerd}"),),
        ),
        Build(
            "runc",
            (Module("github.com/opencontainers/runc", f"v{built.runc}"),),
            ("github.com/opencontainers/runc",),
            tags=("seccomp", "urfave_cli_no_docs", "netgo", "osusergo"),
            static_c=True,
        ),
        Build(
            "cni-plugins",
            (Module(_CNI, f"v{built.cni}"),),
            tuple(f"{_CNI}/plugins/{plugin}" for plugin in CNI_PLUGINS),
            variables=((_CNI_BUILD_VERSION, f"v{built.cni}"),),
        ),
    )


def _cluster_services(versions: Versions) -> tuple[Build, ...]:
    built = versions.built
    etcd = "go.etcd.io/etcd"
    return (
        Build(
            "etcd",
            tuple(Module(f"{etcd}/{part}/v3", f"v{built.etcd}") for part in ("server", "etcdctl", "etcdutl")),
            tuple(f"{etcd}/{part}/v3" for part in ("server", "etcdctl", "etcdutl")),
        ),
        Build(
            "coredns",
            (Module("github.com/coredns/coredns", f"v{built.coredns}"),),
            ("github.com/coredns/coredns",),
            variables=(("github.com/coredns/coredns/coremain.GitCommit", ""),),
        ),
        Build(
            "metrics-server",
            (Module("sigs.k8s.io/metrics-server", f"v{built.metrics_server}"),),
            ("sigs.k8s.io/metrics-server/cmd/metrics-server",),
            variables=_git_version("k8s.io/client-go/pkg/version", f"v{built.metrics_server}"),
        ),
    )


def _network(versions: Versions) -> tuple[Build, ...]:
    built = versions.built
    return (
        Build(
            "flannel",
            (Module("github.com/flannel-io/flannel", f"v{built.flannel}"),),
            ("github.com/flannel-io/flannel",),
            variables=(("github.com/flannel-io/flannel/pkg/version.Version", f"v{built.flannel}"),),
            tags=("netgo", "osusergo"),
            static_c=True,
            # The proxy refuses the version that flannel's go.mod names; this one it serves.
            also=(Module("github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common", "v1.3.103"),),
        ),
        Build(
            "flannel-cni",
            # flannel's own cni-plugin repository is refused; this is the last release of plugins that carried it.
            (Module(_CNI, f"v{built.flannel_cni}"),),
            (f"{_CNI}/plugins/meta/flannel",),
            variables=((_CNI_BUILD_VERSION, f"v{built.flannel_cni}"),),
        ),
    )


def _kubernetes_version(versions: Versions) -> tuple[tuple[str, str], ...]:
    major, minor, _patch = versions.kubernetes.split(".")
    numbers = (("gitMajor", major), ("gitMinor", minor), ("gitTreeState", "clean"))
    return tuple(
        variable
        for package in ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
        for variable in (
            *_git_version(package, f"v{versions.kubernetes}"),
            *((f"{package}.{name}", value) for name, value in numbers),
        )
    )


def _git_version(package: str, version: str) -> tuple[tuple[str, str], ...]:
    # The commit is not in a module; an empty one is honest where the default would be an unexpanded template.
    return ((f"{package}.gitVersion", version), (f"{package}.gitCommit", ""), (f"{package}.buildDate", "{date}"))
