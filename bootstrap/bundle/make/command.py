"""Starts the programs that a build needs, and turns their failure into one error."""

import os
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

_EVIDENCE_LINES = 15


def output_of(
    argv: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout_s: float = 300
) -> str:
    """The program's stdout. Raises KB1207 when it fails or takes longer than `timeout_s`."""
    try:
        done = subprocess.run(
            argv, cwd=cwd, env=_environment(env), text=True, capture_output=True, timeout=timeout_s, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(argv, str(error)) from error
    if done.returncode:
        raise _failed(argv, _last_lines((done.stdout + done.stderr).splitlines()))
    return done.stdout


def follow(
    argv: Sequence[str],
    on_line: Callable[[str], None],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout_s: float = 3600,
) -> None:
    """Run a long program and hand on each line it prints. Raises KB1207 like `output_of`."""
    kept: deque[str] = deque(maxlen=_EVIDENCE_LINES)
    with subprocess.Popen(
        argv, cwd=cwd, env=_environment(env), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        guard = threading.Timer(timeout_s, process.kill)
        guard.start()
        try:
            for line in process.stdout or ():
                kept.append(line.rstrip())
                on_line(line.rstrip())
            process.wait()
        except BaseException:
            process.terminate()
            raise
        finally:
            guard.cancel()
    if process.returncode:
        raise _failed(argv, _last_lines(kept))


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    # needrestart(1) restarts services after each run of apt, also where nobody was asked.
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
    return {**os.environ, "LC_ALL": "C.UTF-8", **quiet, **(extra or {})}


def _last_lines(lines: Sequence[str] | deque[str]) -> str:
    return "\n".join(list(lines)[-_EVIDENCE_LINES:])


def _failed(argv: Sequence[str], evidence: str) -> KbootError:
    return KbootError(
        Code.BUNDLE_COMMAND_FAILED,
        f"{argv[0]} failed while the bundle was built",
        where="this machine",
        evidence=f"$ {' '.join(argv)[:300]}\n{evidence}",
        advice="run the same command again: what is built already is kept",
    )
