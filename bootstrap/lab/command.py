"""Starts programs of this machine: always with a deadline, always with the evidence when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

EVIDENCE_LINES = 8


def environment() -> Mapping[str, str]:
    """This process's environment with the system's own programs on PATH (a plain `su` leaves /usr/sbin out)."""
    return {**os.environ, "PATH": os.pathsep.join((os.environ.get("PATH", "/usr/bin:/bin"), "/usr/sbin", "/sbin"))}


def run(argv: Sequence[str], *, timeout_s: float = 30, stdin: str = "", cwd: Path | None = None) -> str:
    """Runs a program and returns its stdout; raises KB1303 when it fails or takes longer than `timeout_s`."""
    try:
        done = subprocess.run(
            list(argv),
            input=stdin,
            cwd=cwd,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except FileNotFoundError as missing:
        raise KbootError(Code.LAB_TOOL_MISSING, f"{argv[0]} is not on this machine") from missing
    except subprocess.TimeoutExpired as late:
        raise KbootError(Code.LAB_COMMAND_FAILED, f"{_short(argv)} took longer than {timeout_s:g} s") from late
    if done.returncode != 0:
        raise KbootError(
            Code.LAB_COMMAND_FAILED,
            f"{_short(argv)} ended with exit code {done.returncode}",
            evidence="\n".join((done.stderr or done.stdout).strip().splitlines()[-EVIDENCE_LINES:]),
        )
    return done.stdout


def succeeds(argv: Sequence[str], *, timeout_s: float = 30, cwd: Path | None = None) -> bool:
    """Runs a program whose exit code is the answer; a missing program or a late answer is a no."""
    try:
        done = subprocess.run(
            list(argv),
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            env=environment(),
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _short(argv: Sequence[str]) -> str:
    text = " ".join(argv)
    return text if len(text) <= 120 else f"{text[:117]}..."
