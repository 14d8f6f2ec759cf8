"""Shell scripts in the place of this machine's programs, beside the fixture `programs`."""

from pathlib import Path


def put(programs: Path, name: str, script: str) -> None:
    """A shell script as the program `name`."""
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)
