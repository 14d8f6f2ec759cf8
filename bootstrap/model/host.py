"""A host of the inventory: its node, and how it is reached."""

from typing import Literal

from pydantic import Field

from bootstrap.model.field import FilePath, Name, Port, unit
from bootstrap.model.frozen import Frozen
from bootstrap.model.network import Address

Role = Literal["control-plane", "worker"]
CONTROL_PLANE_ROLE: Role = "control-plane"


class Ssh(Frozen):
    """How a host is reached. A field unset at the host is taken from the file's `ssh`, then from ~/.ssh/config."""

    user: str | None = Field(
        default=None,
        description="Login name; it may use sudo, or is root.",
        examples=["admin"],
        json_schema_extra=unit("a user's name", default="`User` of ~/.ssh/config, else the operator's own name"),
    )
    port: Port | None = Field(
        default=None,
        description="TCP port of sshd.",
        examples=[2222],
        json_schema_extra=unit("a TCP port, 1 to 65535", default="`Port` of ~/.ssh/config, else 22"),
    )
    key: FilePath | None = Field(
        default=None,
        description="Private key file of the operator, readable by the operator alone (0600). No other key is tried.",
        examples=["~/.ssh/id_ed25519"],
        json_schema_extra=unit(
            "a path; a relative one starts at the inventory's folder",
            default="`IdentityFile` of ~/.ssh/config, the agent, then the keys that `ssh` would try",
        ),
    )
    known_hosts: FilePath | None = Field(
        default=None,
        description="File of the hosts' public keys; it may be missing: `kboot hosts trust` makes it.",
        examples=["known_hosts"],
        json_schema_extra=unit(
            "a path; a relative one starts at the inventory's folder",
            default="`UserKnownHostsFile` of ~/.ssh/config, else ~/.ssh/known_hosts",
        ),
    )
    host_keys: Literal["strict", "accept-new"] | None = Field(
        default=None,
        description="strict: a host whose key is unknown is refused; accept-new: its key is pinned on first sight. "
        "A changed key is refused in both.",
        examples=["accept-new"],
        json_schema_extra=unit("one of these words", default="strict"),
    )
    sudo_password_file: FilePath | None = Field(
        default=None,
        description="File that holds the login user's sudo password and nothing else, readable by the operator alone "
        "(0600).",
        examples=["sudo-password"],
        json_schema_extra=unit(
            "a path; a relative one starts at the inventory's folder", default="sudo must not ask for a password"
        ),
    )
    netns: FilePath | None = Field(
        default=None,
        description="Network namespace of the operator's machine in which the socket is made; for labs. "
        "~/.ssh/config then does not count.",
        examples=["kboot-lab"],
        json_schema_extra=unit("a name under /run/netns, or a path", default="the namespace that kboot runs in"),
    )
    bastion: str | None = Field(
        default=None,
        description="Host to go through, several with commas, the first one outermost; `none`: directly. Entered with "
        "`key`, `knownHosts` and `hostKeys` of this section (another key: say it in ~/.ssh/config, leave `key` out); "
        "user and port that are not given are what plain `ssh` would use. One connection for all hosts behind it; "
        "nothing is run there: no sudo, only AllowTcpForwarding.",
        examples=["jump@bastion.example:2222"],
        json_schema_extra=unit(
            "[user@]host[:port], with commas, or none", default="`ProxyJump` of ~/.ssh/config, else directly"
        ),
    )

    def over(self, defaults: "Ssh") -> "Ssh":
        """These settings where they are set, else the defaults'."""
        return defaults.model_copy(update=self.model_dump(exclude_none=True))


class Taint(Frozen):
    """A node taint: it keeps pods away that do not tolerate it."""

    key: str = Field(
        description="Key of the taint.", examples=["lab.example/gpu"], json_schema_extra=unit("[DNS prefix/]name")
    )
    value: str = Field(
        default="",
        description="Value of the taint.",
        examples=["true"],
        json_schema_extra=unit("at most 63 letters, digits, - _ and dots"),
    )
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = Field(
        description="What happens to pods that do not tolerate it.",
        examples=["NoSchedule"],
        json_schema_extra=unit("one of these words"),
    )


class Host(Frozen):
    """One machine. Its name here is the node's name; kboot renames no machine."""

    name: Name = Field(
        description="The node's name in the cluster.",
        examples=["cp1"],
        json_schema_extra=unit("an RFC 1123 label: 1 to 63 of a-z, 0-9 and -"),
    )
    address: str = Field(
        description="Where SSH reaches the host.",
        examples=["192.168.1.11"],
        json_schema_extra=unit("an IPv4 address or a DNS name"),
    )
    node_ip: Address | None = Field(
        default=None,
        alias="nodeIP",
        description="The host's own address by which the other nodes reach it: the API server, kubelet and flannel use "
        "it. Needed where `address` is a name, or where the host has several networks.",
        examples=["10.0.0.11"],
        json_schema_extra=unit("an IPv4 address", default="`address`"),
    )
    role: Role = Field(
        default="worker",
        description="What the host is in the cluster; exactly one is the control plane.",
        examples=["control-plane"],
        json_schema_extra=unit("one of these words"),
    )
    labels: dict[str, str] = Field(
        default={},
        description="Labels that the node has; kboot puts them back, and takes off its own that are gone here.",
        examples=[{"lab.example/rack": "a1"}],
        json_schema_extra=unit("[DNS prefix/]name: at most 63 letters, digits, - _ and dots"),
    )
    taints: tuple[Taint, ...] = Field(
        default=(),
        description="Taints that the node has; kboot puts them back, and takes off its own that are gone here.",
        examples=[[{"key": "lab.example/gpu", "effect": "NoSchedule"}]],
        json_schema_extra=unit("a list of taints"),
    )
    ssh: Ssh = Field(
        default=Ssh(),
        description="How this host is reached, where it differs from the file's `ssh`.",
        examples=[{"port": 2222}],
        json_schema_extra=unit("the fields of `ssh`"),
    )

    @property
    def node_address(self) -> str:
        """The address other nodes use: nodeIP, else the address that SSH reaches."""
        return str(self.node_ip or self.address)
