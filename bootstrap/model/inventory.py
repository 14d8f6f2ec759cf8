"""The inventory: what cluster is wanted, on which hosts, and how they are reached. Extra keys are refused."""

import re
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field

from bootstrap.model.frozen import Frozen
from bootstrap.model.mirrors import Mirrors
from bootstrap.model.network import Address, Network
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES

Name = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]


def _key(text: str) -> str:
    if re.fullmatch(r"[0-9a-fA-F]{64}", text) is None:
        raise ValueError("64 hex digits are wanted, as `kboot bundle list` shows them")
    return text


BundleKey = Annotated[str, AfterValidator(_key)]
Port = Annotated[int, Field(ge=1, le=65535)]
Role = Literal["control-plane", "worker"]
CONTROL_PLANE_ROLE: Role = "control-plane"


class Overlays(Frozen):
    """Settings merged over what kboot renders, as data; each is upstream's own format."""

    kubeadm: dict[str, Any] = Field(
        default={},
        description="Merged into kubeadm's ClusterConfiguration (v1beta4).",
        examples=[{"dns": {"imageTag": "v1.14.3"}}],
    )
    kubelet: dict[str, Any] = Field(
        default={}, description="Merged into the KubeletConfiguration.", examples=[{"maxPods": 250}]
    )
    kube_proxy: dict[str, Any] = Field(
        default={}, description="Merged into the KubeProxyConfiguration.", examples=[{"mode": "nftables"}]
    )
    containerd: dict[str, Any] = Field(
        default={},
        description="Merged into containerd's config.toml, as tables.",
        examples=[{"plugins": {"io.containerd.cri.v1.runtime": {"max_container_log_line_size": 32768}}}],
    )


FirewallPolicy = Literal["manage", "enabled", "leave"]


class Firewall(Frozen):
    """What kboot may do with a host's firewall."""

    policy: FirewallPolicy = Field(
        default="manage",
        description="manage: an active ufw has the rules a node needs, and no others of kboot's; enabled: the same, "
        "and ufw is installed, on, and denies what no rule allows; leave: touch nothing. `firewall: enabled` alone "
        "says it too.",
    )
    node_ports_from: tuple[Network, ...] = Field(
        default=(),
        description="Networks that may reach NodePorts (30000-32767); empty: anywhere.",
        examples=[["192.168.0.0/16"]],
    )
    api_from: tuple[Network, ...] = Field(
        default=(),
        description="Networks that may reach the API server (6443) beside nodes and pods; empty: anywhere.",
        examples=[["192.168.1.0/24"]],
    )
    metrics_4443: Literal["open", "closed"] = Field(
        default="open", alias="metrics4443", description="metrics-server's older port, still used with hostNetwork."
    )


def _policy_alone(value: Any) -> Any:
    return {"policy": value} if isinstance(value, str) else value


class Checks(Frozen):
    """Preflight findings that do not stop a run."""

    ignore: tuple[str, ...] = Field(
        default=(),
        description="Names of kboot's checks, as `kboot plan` prints them.",
        examples=[["resources-enough"]],
    )
    ignore_kubeadm: tuple[str, ...] = Field(
        default=(),
        description="Names of kubeadm's own preflight checks, passed to --ignore-preflight-errors.",
        examples=[["SystemVerification"]],
    )


class Cluster(Frozen):
    """The wanted cluster."""

    name: Name = Field(
        default="kboot", description="Names the cluster, its kubeconfig context and kboot's state folder."
    )
    kubernetes: str = Field(
        default=DEFAULT_KUBERNETES,
        pattern=r"^\d+\.\d+\.\d+$",
        description="Exact Kubernetes version: three numbers, in quotes or not.",
    )
    endpoint: str | None = Field(
        default=None,
        description="controlPlaneEndpoint, host or host:port (6443); default: the first control plane's node address.",
        examples=["k8s.lab.example:6443"],
    )
    cert_sans: tuple[str, ...] = Field(
        default=(),
        alias="certSANs",
        description="More names and addresses for the API server's certificate.",
        examples=[["k8s.lab.example"]],
    )
    pod_cidr: Network = Field(
        default=IPv4Network("10.244.0.0/16"),
        alias="podCIDR",
        description="Pod network (flannel), IPv4; every node takes a /24 of it.",
    )
    service_cidr: Network = Field(
        default=IPv4Network("10.96.0.0/12"), alias="serviceCIDR", description="Service network, IPv4, /12 to /28."
    )
    dns_domain: str = Field(default="cluster.local", description="Cluster DNS domain.")
    firewall: Annotated[Firewall, BeforeValidator(_policy_alone, json_schema_input_type=Firewall | FirewallPolicy)] = (
        Field(default=Firewall(), description="What kboot may do with the hosts' firewall; a word alone is its policy.")
    )
    addons: tuple[str, ...] = Field(
        default=("flannel", "metrics-server"),
        description="Addons by name, or by the path of a folder with an addon.yaml.",
    )
    bundle: str | None = Field(
        default=None,
        description="Air-gap bundle folder; default: the public repositories and registries, or `mirrors`.",
        examples=["/srv/kboot/1.36.3-amd64"],
    )
    bundle_key: BundleKey | None = Field(
        default=None,
        description="The key that must have signed the bundle, as `kboot bundle list` shows it; default: any.",
        examples=["0123456789abcdef" * 4],
    )
    mirrors: Mirrors = Field(
        default=Mirrors(), description="Other places for what, without a bundle, comes from public ones."
    )
    control_plane_taint: Literal["auto", "keep", "remove"] = Field(
        default="auto", description="auto: taken off while the inventory has no workers, put back when it has some."
    )
    runtime_conflict: Literal["auto", "keep", "replace"] = Field(
        default="auto",
        # Error pages and forums name it with an underscore, as Python does.
        validation_alias=AliasChoices("runtimeConflict", "runtime_conflict"),
        serialization_alias="runtimeConflict",
        description="docker.io, containerd and runc of the distribution, which containerd.io cannot be installed "
        "beside; auto: removed where no container runs on them; replace: containers are stopped, too; keep: refused.",
    )
    overlays: Overlays = Field(default=Overlays(), description="Upstream's own settings, merged over kboot's.")
    checks: Checks = Field(default=Checks(), description="Preflight findings that do not stop a run.")


class Ssh(Frozen):
    """How a host is reached. A field unset at the host is taken from the file's `ssh`, then from ~/.ssh/config."""

    user: str | None = Field(default=None, description="Login name; default: what `ssh` would use.", examples=["admin"])
    port: Port | None = Field(default=None, description="TCP port of sshd; default 22.", examples=[2222])
    key: str | None = Field(
        default=None,
        description="Private key file (0600); default: the agent and the keys that `ssh` would try.",
        examples=["~/.ssh/id_ed25519"],
    )
    known_hosts: str | None = Field(
        default=None, description="known_hosts file; default ~/.ssh/known_hosts.", examples=["known_hosts"]
    )
    host_keys: Literal["strict", "accept-new"] | None = Field(
        default=None,
        description="strict (default): unknown keys are refused; accept-new: they are pinned on first sight.",
        examples=["accept-new"],
    )
    sudo_password_file: str | None = Field(
        default=None,
        description="0600 file that holds the user's sudo password; default: sudo must not ask.",
        examples=["sudo-password"],
    )
    netns: str | None = Field(
        default=None,
        description="Network namespace of this machine in which the socket is made (labs): name or path.",
        examples=["kboot-lab"],
    )
    bastion: str | None = Field(
        default=None,
        description="user@host[:port] to go through, several with commas, the first one outermost; `none`: directly. "
        "Entered with `key` and `knownHosts` of this section (another key: say it in ~/.ssh/config, leave `key` out). "
        "One connection for all hosts behind it; nothing is run there: no sudo, only AllowTcpForwarding.",
        examples=["jump@bastion.example:2222"],
    )

    def over(self, defaults: "Ssh") -> "Ssh":
        """These settings where they are set, else the defaults'."""
        return defaults.model_copy(update=self.model_dump(exclude_none=True))


class Taint(Frozen):
    """A node taint."""

    key: str = Field(description="Qualified name.", examples=["lab.example/gpu"])
    value: str = Field(default="", description="Label value.", examples=["true"])
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = Field(
        description="What happens to pods that do not tolerate it."
    )


class Host(Frozen):
    """One machine. Its name here is the node's name; kboot renames no machine."""

    name: Name = Field(description="Node name (RFC 1123 label).", examples=["cp1"])
    address: str = Field(description="IPv4 address or DNS name that SSH reaches.", examples=["192.168.1.11"])
    node_ip: Address | None = Field(
        default=None,
        alias="nodeIP",
        description="IPv4 address that the node uses inside the cluster; default: `address`, when that is no name.",
        examples=["10.0.0.11"],
    )
    role: Role = Field(default="worker", description="control-plane or worker.")
    labels: dict[str, str] = Field(
        default={}, description="Node labels kept in place.", examples=[{"lab.example/rack": "a1"}]
    )
    taints: tuple[Taint, ...] = Field(default=(), description="Node taints kept in place.")
    ssh: Ssh = Field(default=Ssh(), description="How this host is reached, where it differs from the file's `ssh`.")

    @property
    def node_address(self) -> str:
        """The address other nodes use: nodeIP, else the address that SSH reaches."""
        return str(self.node_ip or self.address)


class Inventory(Frozen):
    """Cluster + hosts, as one file says them."""

    api_version: Literal["kboot/v1"] = Field(description="Format of this file.")
    cluster: Cluster = Field(default=Cluster(), description="The wanted cluster.")
    ssh: Ssh = Field(default=Ssh(), description="How hosts are reached, unless they say otherwise.")
    hosts: tuple[Host, ...] = Field(min_length=1, description="The machines, one of them a control plane.")

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

    def ssh_of(self, host: Host) -> Ssh:
        """How this host is reached: its own settings over the file's."""
        return host.ssh.over(self.ssh)

    def host(self, name: str) -> Host:
        """The host of that name; KeyError when there is none."""
        found = next((host for host in self.hosts if host.name == name), None)
        if found is None:
            raise KeyError(name)
        return found
