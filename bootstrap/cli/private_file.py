"""Replacing a file of the operator in one step, readable by the operator alone from its first byte."""

import os
import secrets
from pathlib import Path


def replace_private(path: Path, text: str) -> None:
    """Write beside, sync, rename. A symbolic link stays one: what it points to is replaced. Raises OSError."""
    target = path.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
