"""What a lab is: its hosts, their addresses and how they are entered. Pure values, stored as lab.json."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, fields, replace
from ipaddress import IPv4Network
from typing import Literal

System = Literal["debian-12", "debian-13"]

NETWORK = IPv4Network("10.77.0.0/24")
GATEWAY = str(NETWORK[1])
PREFIX_LENGTH = NETWORK.prefixlen
FIRST_HOST = 11  # the control plane's number in the network; the workers follow
MAX_HOSTS = 50
USER = "admin"
DEFAULT_HOSTS = 3
DEFAULT_SSH_PORT = 22


@dataclass(frozen=True)
class HostSpec:
    """One lab host. What a real machine keeps for life (address, MAC, machine-id) is drawn once and kept here."""

    name: str
    address: str
    mac: str
    machine_id: str

    @property
    def role(self) -> str:
        """The inventory's role: the first host is the control plane, all others are workers."""
        return "control-plane" if self.name.startswith("cp") else "worker"


@dataclass(frozen=True)
class LabSpec:
    """One lab, as `lab up` was asked for it."""

    name: str
    hosts: tuple[HostSpec, ...] = ()
    base: str = ""  # root folder of the base that this lab was made over, for life
    ssh_port: int = DEFAULT_SSH_PORT
    sudo_password: bool = False
    os: System = "debian-12"  # what the base is made of; labs of before `--os` are that, too
    troubles: tuple[str, ...] = ()  # what its hosts were born with (bootstrap/lab/troubles), in the registry's order
    bundle: str | None = None
    mirrors: bool = False  # the bundle is served as public repositories and registries are, and not named itself
    kubernetes: str | None = None  # the version that the bundle has, where it lacks the default one
    inventory: str | None = None
    written: tuple[tuple[str, str], ...] = ()  # every inventory that this lab wrote: path, sha256

    @property
    def host_names(self) -> tuple[str, ...]:
        """Names in the order of the addresses."""
        return tuple(host.name for host in self.hosts)

    def with_hosts(self, count: int) -> "LabSpec":
        """This lab with hosts added up to `count`; the hosts that are there keep all they have."""
        added = tuple(_new_host(self.name, index) for index in range(len(self.hosts), count))
        return replace(self, hosts=self.hosts + added)

    def to_json(self) -> str:
        """The text of lab.json."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @staticmethod
    def from_json(text: str) -> "LabSpec":
        """Reads what `to_json` wrote; what another version of kboot said beyond that is passed over."""
        raw = json.loads(text)
        hosts = tuple(HostSpec(**host) for host in raw.pop("hosts"))
        written = tuple((path, sha256) for path, sha256 in raw.pop("written", ()))
        # Until 0.1 a firewall was the only trouble, and had a field of its own.
        before = (raw["firewall"],) if raw.get("firewall", "none") != "none" else ()
        troubles = tuple(raw.pop("troubles", before))
        known = {field.name for field in fields(LabSpec)}
        rest = {key: value for key, value in raw.items() if key in known}
        return LabSpec(hosts=hosts, written=written, troubles=troubles, **rest)


def _new_host(lab: str, index: int) -> HostSpec:
    name = "cp1" if index == 0 else f"w{index}"
    return HostSpec(
        name=name,
        address=str(NETWORK[FIRST_HOST + index]),
        mac=mac_address(lab, name),
        machine_id=uuid.uuid4().hex,
    )


def mac_address(lab: str, host: str) -> str:
    """A locally administered MAC (02:...) that a host keeps over reboots, as a network card does."""
    digest = hashlib.sha256(f"{lab}/{host}".encode()).hexdigest()
    return ":".join(["02", *(digest[at : at + 2] for at in range(0, 10, 2))])
