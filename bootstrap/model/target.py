"""What a step is decided for: one host, the cluster, or the operator's own machine; with all that is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bootstrap.model.fact import Fact, Question
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.lock import Lock

OPERATOR = "@operator"
CLUSTER = "@cluster"
Kind = Literal["host", "cluster", "operator"]


@dataclass(frozen=True, slots=True)
class RunValues:
    """The public values of one run. The join token's secret half stands in the vault as `join-token`."""

    run_id: str
    token_id: str
    started: datetime
    kubeconfig_path: str


@dataclass(frozen=True, slots=True)
class Addon:
    """An addon as wanted: its objects as one JSON list text, upstream's patched with ours, and what must be ready."""

    name: str
    version: str
    objects: str
    images: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Everything that is wanted, known before the first host is contacted. `lock` is None without a bundle.

    `hosts` are the names of those that the playbook has rows for (`rows` fills it in; empty: all), `limit` those that
    may change (--limit; empty: all), `places` says for each host where the inventory's file has it (`lab.yaml:12`).
    """

    inventory: Inventory
    run: RunValues
    lock: Lock | None = None
    addons: tuple[Addon, ...] = ()
    hosts: frozenset[str] = frozenset()
    limit: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict, compare=False)

    def addon(self, name: str) -> Addon | None:
        """The addon of that name, None when the inventory does not want it."""
        return next((addon for addon in self.addons if addon.name == name), None)

    @property
    def taking_part(self) -> tuple[Host, ...]:
        """The hosts that the playbook has rows for; the cluster's steps ask no other (init-master: no worker)."""
        return tuple(host for host in self.inventory.hosts if not self.hosts or host.name in self.hosts)

    def may_change(self, host: str) -> bool:
        """Whether what belongs to this host may be changed, its Node's labels and taints included."""
        return not self.limit or host in self.limit


@dataclass(frozen=True)
class Target:
    """`host` is the machine asked and acted on: for the cluster the first control plane, None for the operator."""

    kind: Kind
    host: Host | None
    wanted: Wanted

    @property
    def name(self) -> str:
        """What reports call it: the host's name, `@cluster` or `@operator`."""
        if self.kind == "cluster":
            return CLUSTER
        return OPERATOR if self.host is None else self.host.name

    @property
    def asked(self) -> str:
        """The name under which its facts are asked: a host's, or OPERATOR."""
        return OPERATOR if self.host is None else self.host.name

    @property
    def machine(self) -> Host:
        """The host; for steps whose target always has one."""
        if self.host is None:
            raise ValueError("the operator's machine is not a host of the inventory")
        return self.host

    @property
    def inventory(self) -> Inventory:
        """Shorthand for `wanted.inventory`."""
        return self.wanted.inventory

    def questions(self, *facts: Fact[Any]) -> tuple[Question, ...]:
        """These facts, asked of this target's machine."""
        return tuple(Question(self.asked, fact) for fact in facts)
