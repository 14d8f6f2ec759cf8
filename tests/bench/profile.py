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

    name: str
    began_s: float
    ended_s: float


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
    """What follows one upon the other: start and load, logins and all questions, decisions or the run, the end."""
    (started,), (ended,) = profile.of("run-started"), profile.of("run-ended")
    connecting = {event.told["host"]: event.at_s for event in profile.of("host-connecting")}
    seen: dict[str, float] = {}
    for event in profile.of("host-seen"):
        seen.setdefault(event.told["host"], event.at_s)
    gathered_s = max(seen.values(), default=started.at_s)
    return [
        ("start: Python, imports, inventory, bundle's lock", started.at_s),
        *((f"  {host}: rest of the login, and every question", seen[host] - connecting[host]) for host in seen),
        ("logins and questions, side by side", gathered_s - started.at_s),
        ("decisions, and what they bring about", ended.at_s - gathered_s),
        ("summary and exit", profile.wall_s - ended.at_s),
    ]


def critical_path(profile: Profile) -> list[Ended]:
    """Back from the row that ended last: each began when the last one before it ended."""
    rows = [_ended(event) for event in profile.of("row-ended")]
    found: list[Ended] = []
    at_s = max((row.ended_s for row in rows), default=0.0)
    while before := [row for row in rows if row.ended_s <= at_s + _SAME_MOMENT_S and row not in found]:
        last = max(before, key=lambda row: (row.ended_s - row.began_s > _SAME_MOMENT_S, row.ended_s))
        found.append(last)
        at_s = min(at_s, last.began_s)
        rows = [row for row in rows if row.began_s < last.began_s]
    return found[::-1]


def lines(profile: Profile, title: str) -> Iterator[str]:
    """The profile for a person."""
    yield f"{title}: {profile.wall_s:.2f} s"
    for what, seconds in parts(profile):
        yield f"  {seconds:6.2f} s  {what}"
    for row in critical_path(profile):
        if row.ended_s - row.began_s >= _SHOWN_S:
            yield f"    {row.began_s:6.1f} … {row.ended_s:6.1f}  {row.ended_s - row.began_s:5.1f} s  {row.name}"


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
    return Ended(f"{told['step']} on {told['target']}", event.at_s - told["tookSeconds"], event.at_s)
