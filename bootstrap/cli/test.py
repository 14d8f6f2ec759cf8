"""`kboot test`: every proof of this repository, in the order in which it is cheapest to fail."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from bootstrap import environment
from bootstrap.cli.signals import shell_code
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.show.started import again

PYTEST = (sys.executable, "-m", "pytest", "-q")
HOSTLESS = ("tests/unit", "tests/cases", "tests/laws")


@dataclass(frozen=True)
class Stage:
    """One command of the test run; `needs_root` ones boot hosts, an `apart` one runs only when it is named."""

    name: str
    argv: tuple[str, ...]
    needs_root: bool = False
    apart: bool = False


def stages(bundle: str, draw: tuple[str, ...]) -> tuple[Stage, ...]:
    """Every stage, in order: text, types, pure tests, a real sshd, a real terminal, real hosts, a real cluster."""
    branches = (sys.executable, "-m", "tests.branches", *HOSTLESS, "tests/ssh")
    hosts = (*PYTEST, "tests/cluster", "--maxfail=3", "--durations=0", "--durations-min=1", *draw)
    return (
        Stage("lint", (sys.executable, "-m", "ruff", "check", ".")),
        Stage("types", (sys.executable, "-m", "mypy")),
        Stage("unit", (*PYTEST, *HOSTLESS)),
        Stage("ssh", (*PYTEST, "tests/ssh"), needs_root=True),
        Stage("terminal", (*PYTEST, "tests/terminal"), needs_root=True),
        Stage("bundle", (*again(), "bundle", *_bundle_words(bundle)), needs_root=True),
        Stage("lab", (*hosts, "-m", "lab"), needs_root=True),
        Stage("cluster", (*hosts, "-m", "cluster", "--bundle", bundle), needs_root=True),
        Stage("coverage", branches, needs_root=True, apart=True),
        Stage("bench", (sys.executable, "-m", "tests.bench.up", "--bundle", bundle), needs_root=True, apart=True),
    )


@click.command()
@click.option(
    "--bundle", default="build", show_default=True, metavar="build|PATH", help="Where the air-gap bundle is from."
)
@click.option(
    "--only",
    "only",
    multiple=True,
    metavar="STAGE",
    help="Run these stages: lint types unit ssh terminal bundle lab cluster; only when named: coverage bench.",
)
@click.option("--quick", is_flag=True, help="Only what needs no root and no hosts: lint, types, unit.")
@click.option("--all", "undrawn", is_flag=True, help="Run every cluster scenario instead of the drawn ones.")
@click.option("--seed", type=int, help="Draw the same cluster scenarios as a run that printed this seed.")
def test(bundle: str, only: tuple[str, ...], quick: bool, undrawn: bool, seed: int | None) -> int:
    """Pass the tests: lint, types, unit, a real sshd, lab hosts, clusters by real kubeadm.

    Example: sudo python3 -m bootstrap test
    """
    _require_checkout()
    draw = ("--all-scenarios",) if undrawn else () if seed is None else ("--draw-seed", str(seed))
    chosen = [stage for stage in stages(bundle, draw) if (stage.name in only if only else not stage.apart)]
    if unknown := set(only) - {stage.name for stage in chosen}:
        raise click.UsageError(f"no such stage: {', '.join(sorted(unknown))}")
    chosen = [stage for stage in chosen if not (quick and stage.needs_root)]
    if any(stage.needs_root for stage in chosen):
        _require_root_tools()
    return _walk(chosen)


def _walk(chosen: list[Stage]) -> int:
    """Run the stages in order; the first failure ends the run with its exit code."""
    taken: list[str] = []
    for stage in chosen:
        environment.say(f"test: {stage.name}")
        started = time.monotonic()
        code = shell_code(subprocess.run(stage.argv, cwd=environment.CHECKOUT, check=False).returncode)
        taken.append(f"{stage.name} {time.monotonic() - started:.0f} s")
        if code:
            environment.say(f"test: {stage.name} failed (exit code {code}); {', '.join(taken)}")
            return code
    environment.say(f"test: passed: {', '.join(taken)}; not run: {', '.join(_not_run(chosen)) or 'nothing'}")
    return 0


def _not_run(chosen: list[Stage]) -> list[str]:
    return [stage.name for stage in stages("build", ()) if stage.name not in {one.name for one in chosen}]


def _bundle_words(bundle: str) -> tuple[str, ...]:
    return ("build",) if bundle == "build" else ("verify", bundle)


def _require_checkout() -> None:
    if not environment.is_checkout() or importlib.util.find_spec("pytest") is None:
        raise KbootError(
            Code.ENVIRONMENT,
            "the tests and their tools come with a checkout of kboot, and this kboot was installed without them",
            where=str(environment.CHECKOUT),
            advice="in a checkout: sudo python3 -m bootstrap test",
            exit_code=ExitCode.USAGE,
        )


def _require_root_tools() -> None:
    """What tests start: what the bundle and the lab need, too, for unit tests make packages, layers and a mirror."""
    from bootstrap.bundle.make import prerequisites  # noqa: PLC0415 - --help and --quick need none of it
    from bootstrap.lab import machine  # noqa: PLC0415

    if os.geteuid() != 0:
        raise click.UsageError("these tests boot hosts and need root: run with sudo, or use --quick")
    tools: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("curl", lambda: shutil.which("curl") is not None),
        ("openssh-server", lambda: Path("/usr/sbin/sshd").exists()),
        ("sudo", lambda: shutil.which("sudo") is not None),
        ("tmux", lambda: shutil.which("tmux") is not None),
    )
    own = {package for package, present in tools if not present()}
    made_with = {*prerequisites.missing_packages(), *machine.missing_packages(machine.MIRROR_TOOLS)}
    if missing := sorted(own | made_with):
        environment.apt_install(*missing)
