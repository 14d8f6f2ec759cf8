"""The inventory: what cluster is wanted, on which hosts, and how they are reached. Extra keys are refused."""

from typing import Literal

from pydantic import Field

from bootstrap.model.cluster import Checks, Cluster, Firewall, Overlays
from bootstrap.model.field import Name, Port, unit
from bootstrap.model.frozen import Frozen
from bootstrap.model.host import CONTROL_PLANE_ROLE, Host, Role, Ssh, Taint

# One import for whoever speaks of inventories.
__all__ = [
    "CONTROL_PLANE_ROLE",
    "Checks",
    "Cluster",
    "Firewall",
    "Host",
    "Inventory",
    "Name",
    "Overlays",
    "Port",
    "Role",
    "Ssh",
    "Taint",
]


class Inventory(Frozen):
    """Cluster + hosts, as one file says them."""

    api_version: Literal["kboot/v1"] = Field(
        description="Format of this file.", examples=["kboot/v1"], json_schema_extra=unit("this word")
    )
    cluster: Cluster = Field(
        default=Cluster(),
        description="The wanted cluster.",
        examples=[{"name": "lab"}],
        json_schema_extra=unit("a mapping"),
    )
    ssh: Ssh = Field(
        default=Ssh(),
        description="How hosts are reached, unless they say otherwise.",
        examples=[{"user": "admin"}],
        json_schema_extra=unit("a mapping"),
    )
    hosts: tuple[Host, ...] = Field(
        min_length=1,
        description="The machines, exactly one of them a control plane.",
        examples=[[{"name": "cp1", "address": "192.168.1.11", "role": "control-plane"}]],
        json_schema_extra=unit("a list of hosts"),
    )

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
