"""`python -m tests.branches`: how much of each room the tests that need no hosts take, in branches; under 90 % fails.

Branches alone: beside them a line that merely ran would hide a case that nobody tried.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEAST_PERCENT = 90.0
WORST_FILES = 10


@dataclass(frozen=True)
class Taken:
    """Branches of one file, or of many."""

    branches: int = 0
    taken: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.branches + other.branches, self.taken + other.taken)

    @property
    def percent(self) -> float:
        """Where there is no branch, all are taken."""
        return 100 * self.taken / self.branches if self.branches else 100.0

    @property
    def missing(self) -> int:
        """How many no test takes."""
        return self.branches - self.taken


def by_file(report: Mapping[str, Any]) -> dict[str, Taken]:
    """Coverage's JSON report (coverage.readthedocs.io, "JSON reporting") as path -> branches."""
    summaries = {path: file["summary"] for path, file in report["files"].items()}
    return {path: Taken(one["num_branches"], one["covered_branches"]) for path, one in summaries.items()}


def by_room(files: Mapping[str, Taken]) -> dict[str, Taken]:
    """The folders below bootstrap/ (and what lies there itself), by name."""
    rooms: dict[str, Taken] = {}
    for path, taken in files.items():
        inside = Path(path).relative_to("bootstrap").parts
        room = inside[0] if len(inside) > 1 else "."
        rooms[room] = rooms.get(room, Taken()) + taken
    return dict(sorted(rooms.items()))


def table(files: Mapping[str, Taken]) -> Iterator[str]:
    """What is printed: each room, the files that lack most, and the number that decides."""
    rows = [*by_room(files).items(), ("all", sum(files.values(), Taken()))]
    yield f"{'branches':<12}{'taken':>6}{'of':>6}{'%':>7}"
    yield from (f"{name:<12}{one.taken:>6}{one.branches:>6}{one.percent:>7.1f}" for name, one in rows)
    worst = sorted(files.items(), key=lambda item: -item[1].missing)[:WORST_FILES]
    yield from (f"{one.missing:>4} missing: {path}" for path, one in worst if one.missing)


def main(words: list[str]) -> int:
    """Run pytest on these words and print what it took; its failure is ours, else too few branches are."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        argv = [sys.executable, "-m", "pytest", "-q", "--cov", f"--cov-report=json:{report}", *words]
        code = subprocess.run(argv, env={**os.environ, "COVERAGE_FILE": f"{folder}/data"}, check=False).returncode
        if not report.exists():
            return code or 1
        files = by_file(json.loads(report.read_text()))
    sys.stdout.write("\n".join([*table(files), ""]))
    percent = sum(files.values(), Taken()).percent
    if percent < LEAST_PERCENT:
        sys.stderr.write(f"{percent:.2f} % of the branches are taken, {LEAST_PERCENT:.0f} % is the least\n")
        return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
