"""The inventory: what cluster is wanted, on which hosts, and how they are reached. Extra keys are refused."""

from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bootstrap.model.network import Address, Network

Name = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Role = Literal["control-plane", "worker"]
CONTROL_PLANE_ROLE: Role = "control-plane"


class Frozen(BaseModel):
    """Base of every part: frozen, camelCase in YAML, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Overlays(Frozen):
    """Settings merged over what kboot renders, as data; each is upstream's own format."""

    kubeadm: dict[str, Any] = Field(default={}, description="Merged into kubeadm's ClusterConfiguration (v1beta4).")
    kubelet: dict[str, Any] = Field(default={}, description="Merged into the KubeletConfiguration.")
    kube_proxy: dict[str, Any] = Field(default={}, description="Merged into the KubeProxyConfiguration.")
    containerd: dict[str, Any] = Field(default={}, description="Merged into containerd's config.toml, as tables.")


class Firewall(Frozen):
    """What kboot may do with a host's firewall."""

    policy: Literal["manage", "leave"] = Field(
        default="manage", description="manage: add the rules a node needs to an active ufw; leave: touch nothing."
    )
    node_ports_from: tuple[Network, ...] = Field(
        default=(), description="Networks that may reach NodePorts; empty: anywhere."
    )
    api_from: tuple[Network, ...] = Field(
        default=(), description="Networks that may reach the API server (6443) beside nodes and pods; empty: anywhere."
    )
    metrics_4443: Literal["open", "closed"] = Field(
        default="open", alias="metrics4443", description="metrics-server's older port, still used with hostNetwork."
    )


class Checks(Frozen):
    """Preflight findings that do not stop a run."""

    ignore: tuple[str, ...] = Field(default=(), description="Names of kboot's checks, as `kboot plan` prints them.")
    ignore_kubeadm: tuple[str, ...] = Field(
        default=(), description="Names of kubeadm's own preflight checks, passed to --ignore-preflight-errors."
    )


class Cluster(Frozen):
    """The wanted cluster."""

    name: Name = Field(
        default="kboot", description="Names the cluster, its kubeconfig context and kboot's state folder."
    )
    kubernetes: str = Field(
        default="1.36.3",
        pattern=r"^\d+\.\d+\.\d+$",
        description="Exact Kubernetes version, in quotes or with two dots.",
    )
    endpoint: str | None = Field(
        default=None, description="controlPlaneEndpoint host[:port]; default: the first control plane's node address."
    )
    cert_sans: tuple[str, ...] = Field(
        default=(), alias="certSANs", description="More names for the API server's certificate."
    )
    pod_cidr: Network = Field(
        default=IPv4Network("10.244.0.0/16"), alias="podCIDR", description="Pod network (flannel)."
    )
    service_cidr: Network = Field(
        default=IPv4Network("10.96.0.0/12"), alias="serviceCIDR", description="Service network."
    )
    dns_domain: str = Field(default="cluster.local", description="Cluster DNS domain.")
    firewall: Firewall = Firewall()
    addons: tuple[str, ...] = Field(default=("flannel", "metrics-server"), description="Addons by name or path.")
    bundle: str | None = Field(default=None, description="Air-gap bundle folder; default: the public repositories.")
    control_plane_taint: Literal["auto", "keep", "remove"] = Field(
        default="auto", description="auto: taken off while the inventory has no workers, put back when it has some."
    )
    overlays: Overlays = Overlays()
    checks: Checks = Checks()


class Ssh(Frozen):
    """How a host is reached. Every field unset here is taken from the defaults, then from ~/.ssh/config."""

    user: str | None = Field(default=None, description="Login name.")
    port: Port | None = Field(default=None, description="TCP port of sshd; default 22.")
    key: str | None = Field(default=None, description="Private key file.")
    known_hosts: str | None = Field(default=None, description="known_hosts file; default ~/.ssh/known_hosts.")
    host_keys: Literal["strict", "accept-new"] | None = Field(
        default=None, description="strict: unknown keys are refused; accept-new: they are pinned on first sight."
    )
    sudo_password_file: str | None = Field(default=None, description="0600 file with the user's sudo password.")
    netns: str | None = Field(default=None, description="Network namespace in which the socket is made (labs).")
    bastion: str | None = Field(default=None, description="user@host[:port] to go through.")


class Taint(Frozen):
    """A node taint."""

    key: str
    value: str = ""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


class Host(Frozen):
    """One machine. Its name here is the node's name; kboot renames no machine."""

    name: Name = Field(description="Node name (RFC 1123 label).")
    address: str = Field(description="Address or DNS name that SSH reaches.")
    node_ip: Address | None = Field(
        default=None, alias="nodeIP", description="Address that the node uses inside the cluster; default: `address`."
    )
    role: Role = Field(default="worker", description="control-plane or worker.")
    labels: dict[str, str] = Field(default={}, description="Node labels kept in place.")
    taints: tuple[Taint, ...] = Field(default=(), description="Node taints kept in place.")
    ssh: Ssh = Ssh()

    @property
    def node_address(self) -> str:
        """The address other nodes use: nodeIP, else the address that SSH reaches."""
        return str(self.node_ip or self.address)


class Inventory(Frozen):
    """Cluster + hosts, as one file says them."""

    api_version: Literal["kboot/v1"] = Field(description="Format of this file.")
    cluster: Cluster = Cluster()
    ssh: Ssh = Ssh()
    hosts: tuple[Host, ...] = Field(min_length=1)

    @property
    def control_planes(self) -> tuple[Host, ...]:
        """Control-plane hosts in the file's order; the first one is asked about the cluster."""
        return tuple(host for host in self.hosts if host.role == CONTROL_PLANE_ROLE)

    @property
    def workers(self) -> tuple[Host, ...]:
        """Worker hosts in the file's order."""
        return tuple(host for host in self.hosts if host.role != CONTROL_PLANE_ROLE)

    @property
    def first_control_plane(self) -> Host:
        """The host through which the cluster is asked and changed."""
        return self.control_planes[0]

    @property
    def endpoint(self) -> str:
        """host:port of the API server as every node and the operator reach it."""
        given = self.cluster.endpoint or self.first_control_plane.node_address
        return given if ":" in given else f"{given}:6443"

    def host(self, name: str) -> Host:
        """The host of that name; KeyError when there is none."""
        found = next((host for host in self.hosts if host.name == name), None)
        if found is None:
            raise KeyError(name)
        return found
