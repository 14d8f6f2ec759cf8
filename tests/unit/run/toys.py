"""Toy steps and a small world for the runner's tests: states are keys of a host's dict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Answer, Known, Unreadable
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.event import Event, Observer
from bootstrap.model.fact import Fact, Facts, Output, Question
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.playbook import Phase, Playbook
from bootstrap.model.report import Report, Status
from bootstrap.model.step import Check, Step
from bootstrap.model.target import OPERATOR, RunValues, Target, Wanted
from bootstrap.model.text import Secret
from bootstrap.run import EVERYTHING, Selection, execute
from bootstrap.run.eyes import Patience
from bootstrap.run.vault import vault_for
from tests.fake_host import ABSENT_EXIT, FakeHost


def value_of(key: str) -> Fact[str]:
    """The value of a key of the host's dict."""
    return Fact(key, f"get {key}", _value, answers=frozenset({0, ABSENT_EXIT}))


def _value(out: Output) -> Answer[str]:
    return Absent("not set") if out.exit_code else Known(out.stdout)


def setting(key: str, value: str = "yes") -> Change:
    return Change(f"set {key}", (Run(("set", key, value)),))


class Toy(Step):
    """Holds when the key of its own name is `yes` on its host; sets it otherwise."""

    settle_s = 1.0
    remark = ""

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(value_of(self.name()))

    def decide(self, target: Target, facts: Facts) -> Decision:
        match facts(target.asked, value_of(self.name())):
            case Known("yes"):
                return Satisfied("it is so", self.remark)
            case Unreadable(why):
                return Waiting(why)
            case _:
                return setting(self.name())


class Looked(Check):
    """A check: `bad` on the host is refused, `busy` is waited for."""

    settle_s = 1.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(value_of("health"))

    def decide(self, target: Target, facts: Facts) -> Decision:
        match facts(target.asked, value_of("health")):
            case Known("bad"):
                return Blocked(Code.STEP_MISSING, "the host is bad", "mend it")
            case Known("busy"):
                return Waiting("the host is busy")
            case _:
                return Satisfied(remark="old")


class Base(Toy):
    """The first state."""


class Built(Toy):
    """A state whose fact Base makes stale: when Base is set, what was built is gone."""

    follows = ("base",)


class Ready(Toy):
    """A third state of a host, which has something to say."""

    follows = ("built",)
    remark = "ready, and not for long"


class Api(Toy):
    """The cluster's API on the first control plane."""

    follows = ("ready",)


class TokenLive(Step):
    """A cluster state: while a worker is out, the token lives."""

    follows = ("api",)
    settle_s = 1.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(value_of("token-live"), *nodes(target))

    def decide(self, target: Target, facts: Facts) -> Decision:
        if all(isinstance(facts(target.asked, node), Known) for node in nodes(target)):
            return Satisfied("all are in")
        return Satisfied() if facts(target.asked, value_of("token-live")) == Known("yes") else setting("token-live")


def nodes(target: Target) -> tuple[Fact[str], ...]:
    """What the cluster says of each worker."""
    return tuple(value_of(f"node {host.name}") for host in target.inventory.workers)


class Joined(Step):
    """A worker's state: Later until there is an API, and it needs the cluster's token."""

    follows = ("ready", "token-live")
    settle_s = 1.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        first = target.inventory.first_control_plane.name
        return (*target.questions(value_of("joined")), Question(first, value_of("api")))

    def decide(self, target: Target, facts: Facts) -> Decision:
        if isinstance(facts(target.asked, value_of("joined")), Known):
            return Satisfied()
        if not isinstance(facts(target.inventory.first_control_plane.name, value_of("api")), Known):
            return Later("api", "join")
        return setting("joined")


class AllJoined(Step):
    """About the cluster: every worker that still stands is in. It cannot act."""

    follows = ("joined",)
    can_act = False
    settle_s = 0.4

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(*nodes(target))

    def decide(self, target: Target, facts: Facts) -> Decision:
        seen = [facts(target.asked, node) for node in nodes(target)]
        return Satisfied() if all(isinstance(one, Known) for one in seen) else Waiting("not all nodes are in")


class Fetched(Toy):
    """A state of the operator's machine."""

    follows = ("api",)


class Swept(Step):
    """Closing: no token lives."""

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(value_of("token-live"))

    def decide(self, target: Target, facts: Facts) -> Decision:
        if facts(target.asked, value_of("token-live")) != Known("yes"):
            return Satisfied()
        return setting("token-live", "swept")


BOOK = Playbook(
    "up",
    "all of it",
    (
        Phase("checks", "all", (Looked(),)),
        Phase("host", "all", (Base(), Built(), Ready())),
        Phase("control-plane", "control-plane", (Api(),)),
        Phase("operator", "operator", (Fetched(),)),
        Phase("token", "cluster", (TokenLive(),)),
        Phase("workers", "workers", (Joined(),)),
        Phase("cluster", "cluster", (AllJoined(),)),
    ),
    (Phase("closing", "cluster", (Swept(),)),),
)


@dataclass
class World:
    """Hosts cp1, w1.. and the operator's machine, and what one or more runs over them did."""

    workers: int = 2
    events: list[Event] = field(default_factory=list)
    observers: list[Observer] = field(default_factory=list)
    hosts: dict[str, FakeHost] = field(default_factory=dict)
    run_values: ClassVar[RunValues] = RunValues("run-1", "abcdef", datetime(2026, 11, 21, tzinfo=UTC), "/nowhere")

    def __post_init__(self) -> None:
        for name in ("cp1", *(f"w{number}" for number in range(1, self.workers + 1)), OPERATOR):
            self.hosts[name] = FakeHost(name, on_set=self._set)

    def __getitem__(self, name: str) -> FakeHost:
        return self.hosts[name]

    @property
    def wanted(self) -> Wanted:
        hosts = tuple(
            Host(name=name, address=f"192.0.2.{number}", role="control-plane" if name == "cp1" else "worker")
            for number, name in enumerate(self.hosts, 1)
            if name != OPERATOR
        )
        return Wanted(Inventory(api_version="kboot/v1", hosts=hosts), self.run_values)

    def run(
        self,
        book: Playbook = BOOK,
        selection: Selection = EVERYTHING,
        pace: float = 0.05,
        vault: Mapping[str, Secret] | None = None,
    ) -> Report:
        """One run over this world."""
        return execute(
            book,
            self.wanted,
            self.hosts,
            selection,
            self._observe,
            vault or vault_for(self.run_values),
            self.no_blob,
            patience=Patience(reconnect_s=0.3, pause_s=0.02),
            pace=pace,
        )

    @staticmethod
    def no_blob(sha256: str) -> Path:
        """No toy sends a file."""
        raise LookupError(sha256)

    def execs(self) -> dict[str, int]:
        """Execs since the last look, by host."""
        counted = {name: host.execs for name, host in self.hosts.items()}
        for host in self.hosts.values():
            host.execs = 0
        return counted

    def _observe(self, event: Event) -> None:
        self.events.append(event)
        for observer in self.observers:
            observer(event)

    def _set(self, host: str, key: str, value: str) -> None:
        if key == "base":
            self.hosts[host].state.pop("built", None)
        if key == "joined":
            self.hosts["cp1"].state[f"node {host}"] = value


def wrong(report: Report) -> list[str]:
    """What did not end well, in words."""
    good = (Status.OK, Status.CHANGED)
    rows = [f"{one.row.id} {one.status} {one.note} {one.evidence}" for one in report.rows if one.status not in good]
    return rows + [f"{host.host} {host.status} {host.why}" for host in report.hosts if host.status != "reached"]


def statuses(report: Report, status: Status) -> list[tuple[str, str]]:
    """(step, target) of the rows that ended so."""
    return [result.row.id for result in report.rows if result.status is status]


def at(report: Report, step: str, target: str) -> Status:
    """How one row ended."""
    return next(result.status for result in report.rows if result.row.id == (step, target))


def playbook(*phases: Phase, closing: Sequence[Phase] = ()) -> Playbook:
    """A playbook of these phases."""
    return Playbook("toy", "", phases, tuple(closing))
