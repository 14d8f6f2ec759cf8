"""Where the seconds of an `up` go, from the run's own events as they come."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.cluster.scene import Scene

_SHOWN_S = 0.3
_SAME_MOMENT_S = 0.05


@dataclass(frozen=True)
class Event:
    """One event and when it came, in seconds since the command was typed."""

    at_s: float
    told: dict[str, Any]

    @property
    def kind(self) -> str:
        """`run-started`, `host-seen`, `row-ended` ..."""
        return str(self.told["event"])


@dataclass(frozen=True)
class Ended:
    """A row of the run with its two moments."""

    step: str
    target: str
    began_s: float
    ended_s: float

    @property
    def name(self) -> str:
        """`images-present on w1`."""
        return f"{self.step} on {self.target}"


@dataclass(frozen=True)
class Profile:
    """The events of one `up` and what the whole process took."""

    events: tuple[Event, ...]
    wall_s: float

    def of(self, kind: str) -> list[Event]:
        """All events of a kind."""
        return [event for event in self.events if event.kind == kind]


def profiled(scene: Scene) -> Profile:
    """Run `kboot up` to its end. Raises AssertionError when it fails."""
    began = time.monotonic()
    process = scene.start("up", "--quiet", "-o", "ndjson")
    assert process.stdout
    found = [Event(time.monotonic() - began, told) for told in _documents(process.stdout)]
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return Profile(tuple(event for event in found if "event" in event.told), time.monotonic() - began)


def _documents(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield json.loads(line)


def parts(profile: Profile) -> list[tuple[str, float]]:
    """What follows one upon the other, with its seconds; all of them together are the wall time."""
    (started,), (ended,) = profile.of("run-started"), profile.of("run-ended")
    gathered_s = max((event.at_s for event in _first_answers(profile).values()), default=started.at_s)
    return [
        ("start: Python, imports, inventory, bundle's lock; logins begin", started.at_s),
        ("rest of the logins, and every question", gathered_s - started.at_s),
        *_on_the_path(critical_path(profile), gathered_s, ended.at_s),
        ("summary and exit", profile.wall_s - ended.at_s),
    ]


def _on_the_path(path: Sequence[Ended], began_s: float, ended_s: float) -> Iterator[tuple[str, float]]:
    """The long rows between these two moments, in order, and at last all that is between and beside them."""
    at_s, rest_s = began_s, ended_s - began_s
    for row in path:
        seconds = row.ended_s - max(row.began_s, at_s)
        at_s = max(at_s, row.ended_s)
        if seconds >= _SHOWN_S:
            rest_s -= seconds
            yield row.name, seconds
    yield "decisions, short rows, and waiting between rows", rest_s


def critical_path(profile: Profile) -> list[Ended]:
    """Back from the row that ended last, to the one for whose end each has waited.

    That is the row before it on the same host when it ended just then, else the one that ended last before it began.
    """
    rows = [_ended(event) for event in profile.of("row-ended")]
    found: list[Ended] = []
    while rows:
        later = found[-1] if found else None
        last = max(rows, key=lambda row: _nearness(row, later))
        found.append(last)
        rows = [row for row in rows if row.began_s < last.began_s and row.ended_s <= last.began_s + _SAME_MOMENT_S]
    return found[::-1]


def _nearness(row: Ended, later: Ended | None) -> tuple[bool, float, float]:
    own = later is not None and row.target == later.target and later.began_s - row.ended_s <= _SAME_MOMENT_S
    return own, row.ended_s, row.ended_s - row.began_s


def lines(profile: Profile, title: str) -> Iterator[str]:
    """The profile for a person: a table whose seconds make the wall time, then when each host had answered."""
    yield f"{title}: where its {profile.wall_s:.2f} s go"
    for what, seconds in parts(profile):
        yield f"  {seconds:6.2f} s  {seconds / profile.wall_s:4.0%}  {what}"
    answered = ", ".join(f"{host} {event.at_s:.2f} s" for host, event in _first_answers(profile).items())
    yield f"  answered everything after: {answered}"


def _first_answers(profile: Profile) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for event in profile.of("host-seen"):
        found.setdefault(event.told["host"], event)
    return found


def logins_s(scene: Scene) -> Sequence[float]:
    """Seconds that all logins take side by side, and then one empty exec on each host, imports not counted."""
    done = subprocess.run(
        [sys.executable, "-c", _LOGINS, str(scene.inventory)], capture_output=True, text=True, timeout=60, check=True
    )
    return [float(word) for word in done.stdout.split()]


_LOGINS = """
import sys, time
from functools import partial
from pathlib import Path
from bootstrap.cli.site import connections, find_site
from bootstrap.run.parallel import in_parallel
from bootstrap.transport import local, ssh
site = find_site(Path(sys.argv[1]))
began = time.monotonic()
with connections(site) as hosts:
    for _ in range(2):
        in_parallel([partial(hosts[host.name].run, "true", timeout_s=20) for host in site.inventory.hosts])
        print(time.monotonic() - began)
        began = time.monotonic()
"""


def _ended(event: Event) -> Ended:
    told = event.told
    return Ended(told["step"], told["target"], event.at_s - told["tookSeconds"], event.at_s)
