"""The wanted cluster, as the inventory says it: its versions, networks, sources, and what kboot may do on its hosts."""

from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bootstrap.model.field import BundleKey, FilePath, Name, unit
from bootstrap.model.frozen import Frozen
from bootstrap.model.mirrors import Mirrors
from bootstrap.model.network import Network
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES


class Overlays(Frozen):
    """Settings merged over what kboot renders, as data; each is upstream's own format.

    Mappings merge key by key; anything else, lists too, replaces kboot's.
    """

    kubeadm: dict[str, Any] = Field(
        default={},
        description="Merged over the ClusterConfiguration that `kubeadm init` gets. What the inventory has a field for "
        "is refused here.",
        examples=[{"dns": {"imageTag": "v1.14.3"}}],
        json_schema_extra=unit("fields of kubeadm's ClusterConfiguration, v1beta4"),
    )
    kubelet: dict[str, Any] = Field(
        default={},
        description="Merged over the KubeletConfiguration of all nodes.",
        examples=[{"maxPods": 250}],
        json_schema_extra=unit("fields of KubeletConfiguration, v1beta1"),
    )
    kube_proxy: dict[str, Any] = Field(
        default={},
        description="Merged over the KubeProxyConfiguration of all nodes.",
        examples=[{"mode": "nftables"}],
        json_schema_extra=unit("fields of KubeProxyConfiguration, v1alpha1"),
    )
    containerd: dict[str, Any] = Field(
        default={},
        description="Merged over the config.toml that kboot writes on every host.",
        examples=[{"plugins": {"io.containerd.cri.v1.runtime": {"max_container_log_line_size": 32768}}}],
        json_schema_extra=unit("tables of containerd's config.toml, as mappings"),
    )


FirewallPolicy = Literal["manage", "enabled", "leave"]


class Firewall(Frozen):
    """What kboot may do with a host's firewall. A word alone is its policy: `firewall: leave`."""

    policy: FirewallPolicy = Field(
        default="manage",
        description="manage: where ufw is on, it has the rules that a node needs, and no others of kboot's; enabled: "
        "the same, and ufw is installed, on, and denies what no rule allows; leave: nothing is touched.",
        examples=["enabled"],
        json_schema_extra=unit("one of these words"),
    )
    node_ports_from: tuple[Network, ...] = Field(
        default=(),
        description="Networks that may reach NodePorts (30000-32767) on hosts where ufw is on; empty: anywhere.",
        examples=[["192.168.0.0/16"]],
        json_schema_extra=unit("a list of IPv4 networks"),
    )
    api_from: tuple[Network, ...] = Field(
        default=(),
        description="Networks that may reach the API server (6443), beside nodes and pods, where ufw is on; "
        "empty: anywhere.",
        examples=[["192.168.1.0/24"]],
        json_schema_extra=unit("a list of IPv4 networks"),
    )
    metrics_4443: Literal["open", "closed"] = Field(
        default="open",
        alias="metrics4443",
        description="Whether nodes and pods may reach TCP port 4443, metrics-server's older one, still used with "
        "hostNetwork.",
        examples=["closed"],
        json_schema_extra=unit("one of these words"),
    )


class Checks(Frozen):
    """Preflight findings that do not stop a run."""

    ignore: tuple[str, ...] = Field(
        default=(),
        description="kboot's checks whose findings are noted and stop nothing.",
        examples=[["resources-enough"]],
        json_schema_extra=unit("a list of names of checks, as `kboot plan` prints them"),
    )
    ignore_kubeadm: tuple[str, ...] = Field(
        default=(),
        description="kubeadm's own preflight checks that stop nothing (its ignorePreflightErrors).",
        examples=[["SystemVerification"]],
        json_schema_extra=unit("a list of names of checks, as kubeadm prints them"),
    )


def _policy_alone(value: Any) -> Any:
    """`firewall: leave` for `firewall: {policy: leave}`; true and false are no policies, and told so."""
    return {"policy": value} if isinstance(value, str | bool) else value


class Cluster(Frozen):
    """The wanted cluster."""

    name: Name = Field(
        default="kboot",
        description="Names the cluster, its kubeconfig context and kboot's own folder for it "
        "(~/.local/state/kboot/clusters/NAME).",
        examples=["lab"],
        json_schema_extra=unit("an RFC 1123 label: 1 to 63 of a-z, 0-9 and -"),
    )
    kubernetes: str = Field(
        default=DEFAULT_KUBERNETES,
        pattern=r"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$",
        description="Kubernetes version. It is fixed once the cluster exists.",
        examples=["1.36.3"],
        json_schema_extra=unit("a whole version, three numbers without a v"),
    )
    endpoint: str | None = Field(
        default=None,
        description="The API server as nodes and operators reach it (kubeadm's controlPlaneEndpoint); port 6443 where "
        "none is given. It is fixed once the cluster exists.",
        examples=["k8s.lab.example:6443"],
        json_schema_extra=unit("host or host:port", default="the first control plane's node address"),
    )
    cert_sans: tuple[str, ...] = Field(
        default=(),
        alias="certSANs",
        description="More names for the API server's certificate; the control plane's own name and addresses and the "
        "endpoint are always in it.",
        examples=[["k8s.lab.example"]],
        json_schema_extra=unit("a list of DNS names and IPv4 addresses"),
    )
    pod_cidr: Network = Field(
        default=IPv4Network("10.244.0.0/16"),
        alias="podCIDR",
        description="Pod network; every node takes a /24 of it. It is fixed once the cluster exists.",
        examples=["10.200.0.0/16"],
        json_schema_extra=unit("an IPv4 network, /24 or wider"),
    )
    service_cidr: Network = Field(
        default=IPv4Network("10.96.0.0/12"),
        alias="serviceCIDR",
        description="Network of the Services' addresses. It is fixed once the cluster exists.",
        examples=["10.201.0.0/16"],
        json_schema_extra=unit("an IPv4 network, /12 to /28"),
    )
    dns_domain: str = Field(
        default="cluster.local",
        description="DNS domain of the cluster's Services. It is fixed once the cluster exists.",
        examples=["cluster.lab.example"],
        json_schema_extra=unit("a DNS domain"),
    )
    firewall: Annotated[Firewall, BeforeValidator(_policy_alone, json_schema_input_type=Firewall | FirewallPolicy)] = (
        Field(
            default=Firewall(),
            description="What kboot may do with the hosts' firewall.",
            examples=["leave"],
            json_schema_extra=unit("fields, or the policy's word alone"),
        )
    )
    addons: tuple[str, ...] = Field(
        default=("flannel", "metrics-server"),
        description="What is applied to the cluster.",
        examples=[["flannel", "./my-metrics-server"]],
        json_schema_extra=unit("a list of addons' names, or paths of folders with an addon.yaml"),
    )
    bundle: FilePath | None = Field(
        default=None,
        description="Folder with all packages, images and manifests (`kboot bundle build` makes it): nothing is "
        "fetched from elsewhere.",
        examples=["/srv/kboot/1.36.3-amd64"],
        json_schema_extra=unit(
            "a path; a relative one starts at the inventory's folder",
            default="none: the public repositories and registries, or `mirrors`",
        ),
    )
    bundle_key: BundleKey | None = Field(
        default=None,
        description="The key that must have signed the bundle, as `kboot bundle list` shows it.",
        examples=["0123456789abcdef" * 4],
        json_schema_extra=unit("64 hex digits, in quotes", default="any key"),
    )
    mirrors: Mirrors = Field(
        default=Mirrors(),
        description="Other places for what, without a bundle, comes from public ones.",
        examples=[{"images": {"registry.k8s.io": "https://registry.lab.example"}}],
        json_schema_extra=unit("a mapping"),
    )
    runtime_conflict: Literal["auto", "keep", "replace"] = Field(
        default="auto",
        description="docker.io, containerd and runc of the distribution, which containerd.io cannot be installed "
        "beside; auto: removed where no container runs on them; replace: containers are stopped, too; keep: refused.",
        examples=["replace"],
        json_schema_extra=unit("one of these words"),
    )
    control_plane_taint: Literal["auto", "keep", "remove"] = Field(
        default="auto",
        description="The taint that keeps ordinary pods off the control plane. auto: taken off while there are no "
        "workers, put back when there are; keep: always there; remove: never there.",
        examples=["remove"],
        json_schema_extra=unit("one of these words"),
    )
    overlays: Overlays = Field(
        default=Overlays(),
        description="Upstream's own settings, merged over kboot's.",
        examples=[{"kubelet": {"maxPods": 250}}],
        json_schema_extra=unit("a mapping for each of four programs"),
    )
    checks: Checks = Field(
        default=Checks(),
        description="Preflight findings that do not stop a run.",
        examples=[{"ignore": ["resources-enough"]}],
        json_schema_extra=unit("two lists of names"),
    )
