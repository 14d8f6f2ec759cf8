"""Shell scripts in the place of this machine's programs, beside the fixture `programs`; and what still runs."""

from contextlib import suppress
from pathlib import Path


def put(programs: Path, name: str, script: str) -> None:
    """A shell script as the program `name`."""
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)


def runs(process: int | str | None) -> bool:
    """Whether the process does anything yet: what has ended and is not reaped has no command line."""
    with suppress(OSError):
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    return False
