"""A workflow is one data structure: phases of steps. Execution, plan, --only, --skip and help all come from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from bootstrap.model.inventory import Inventory
from bootstrap.model.step import Step
from bootstrap.model.target import Target, Wanted

Targets: TypeAlias = Literal["all", "control-plane", "workers", "cluster", "cluster-without-workers", "operator"]


@dataclass(frozen=True)
class Phase:
    """Steps that hold for the same targets, in order."""

    name: str
    targets: Targets
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Playbook:
    """Phases in order; `closing` phases are tried whatever happened (`finally` in the YAML)."""

    name: str
    summary: str
    phases: tuple[Phase, ...]
    closing: tuple[Phase, ...] = ()

    def step_names(self) -> tuple[str, ...]:
        """Every step's name, in order, closing ones last."""
        return tuple(step.name() for phase in (*self.phases, *self.closing) for step in phase.steps)


@dataclass(frozen=True)
class Row:
    """One step for one target, at its place in the playbook."""

    phase: str
    step: Step
    target: Target
    closing: bool = False

    @property
    def id(self) -> tuple[str, str]:
        """(step name, target name): unique within a playbook."""
        return (self.step.name(), self.target.name)


def rows(playbook: Playbook, wanted: Wanted) -> tuple[Row, ...]:
    """Every step for every target that it concerns; a phase with no target gives none."""
    words = {phase.targets for phase in (*playbook.phases, *playbook.closing)}
    named = (target.host for word in words for target in _targets(word, wanted))
    wanted = replace(wanted, hosts=frozenset(host.name for host in named if host is not None))
    return tuple(
        Row(phase.name, step, target, closing)
        for phases, closing in ((playbook.phases, False), (playbook.closing, True))
        for phase in phases
        for step in phase.steps
        for target in _targets(phase.targets, wanted)
    )


def _targets(word: Targets, wanted: Wanted) -> Iterator[Target]:
    inventory: Inventory = wanted.inventory
    match word:
        case "all":
            hosts = inventory.hosts
        case "control-plane":
            hosts = inventory.control_planes
        case "workers":
            hosts = inventory.workers
        case "cluster":
            return iter((Target("cluster", inventory.first_control_plane, wanted),))
        case "cluster-without-workers":
            alone = not inventory.workers
            return iter((Target("cluster", inventory.first_control_plane, wanted),) if alone else ())
        case "operator":
            return iter((Target("operator", None, wanted),))
    return (Target("host", host, wanted) for host in hosts)
