"""A run of many hosts on a real terminal, played by the code that shows a real run: `python -m tests.terminal.stream`.

Nothing is contacted: the events are made up, their order and their pace are those of a first `up`.
"""

import sys
import time
from collections.abc import Iterator

import click

from bootstrap.cli.boundary import guarded
from bootstrap.cli.options import Screen, screen_options
from bootstrap.cli.watching import watched
from bootstrap.model.action import PutBlob
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.event import (
    ActStarted,
    BlobSent,
    Event,
    HostConnecting,
    HostSeen,
    Observer,
    RowDecided,
    RowEnded,
    RowWaiting,
    RunEnded,
    RunStarted,
)
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.playbook import Row
from bootstrap.model.redact import Redactor
from bootstrap.model.report import HostResult, HostStatus, Report, Result, Status
from bootstrap.model.step import Step
from bootstrap.model.target import Target, Wanted
from tests.unit.show.scene import RUN

SIZE = 480_000_000
NAMES = ("SwapOff", "ContainerdInstalled", "ImagesPresent", "WorkerJoined")


class _Step(Step):
    def needs(self, target: Target) -> tuple[Question, ...]:
        return ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        return Satisfied()


STEPS = tuple(type(name, (_Step,), {"__doc__": "."})() for name in NAMES)


def rows(count: int) -> list[Row]:
    """Four steps on each of so many hosts, one of them with a long name."""
    names = ["cp1", *(f"w{number}" for number in range(1, count - 1)), "worker-with-a-name-of-thirty-x"][:count]
    hosts = tuple(
        Host(name=name, address=f"10.0.{index // 200}.{index % 200 + 1}", role="worker" if index else "control-plane")
        for index, name in enumerate(names)
    )
    wanted = Wanted(Inventory(api_version="kboot/v1", hosts=hosts), RUN)
    return [Row("host", step, Target("host", host, wanted)) for host in hosts for step in STEPS]


def story(every: list[Row]) -> Iterator[Event]:
    """Rounds of events over all hosts; each round a few of them are at the same step."""
    yield RunStarted("up", "run-1", tuple(every))
    hosts = [row.target.name for row in every[:: len(STEPS)]]
    yield from (HostConnecting(host) for host in hosts)
    yield from (HostSeen(HostResult(host, HostStatus.REACHED)) for host in hosts)
    for number in range(len(STEPS)):
        for row in every[number :: len(STEPS)]:
            yield RowDecided(row, Change("something", (PutBlob("a" * 64, SIZE, "/x"),)))
            yield RowWaiting(row, "apt, held by unattended-upgr (pid 812), since a while that is long to tell of here")
        for part in range(1, 10):
            for row in every[number :: len(STEPS)]:
                yield BlobSent(row, "a" * 64, SIZE * part // 10, SIZE, 0, SIZE)
        for row in every[number :: len(STEPS)]:
            yield ActStarted(row, "containerd.io 2.3.7, runc 1.5.2 and 14 more packages, in one act of apt-get install")
        for row in every[number :: len(STEPS)]:
            status = Status.CHANGED if number == 3 else Status.OK
            yield RowEnded(Result(row, status, f"joined {row.target.name}", seconds=1.0))


def play(tell: Observer, every: list[Row], seconds: float) -> None:
    """All of the story within so many seconds."""
    told = list(story(every))
    for event in told:
        tell(event)
        time.sleep(seconds / len(told))
    results = tuple(event.result for event in told if isinstance(event, RowEnded))
    tell(RunEnded(Report("up", results, (), seconds)))


@click.command()
@click.option("--hosts", default=60)
@click.option("--seconds", default=4.0)
@screen_options(("text",))
def stream(hosts: int, seconds: float, screen: Screen) -> None:
    """The run, then a last line."""
    with watched(screen, Redactor(), None) as tell:
        play(tell, rows(hosts), seconds)
    click.echo("the last line")


if __name__ == "__main__":
    sys.exit(guarded(stream, sys.argv[1:]))
