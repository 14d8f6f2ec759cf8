"""sha256 of files, in chunks."""

import hashlib
from pathlib import Path


def file_sha256(path: Path) -> str:
    """Lower-case hex sha256 of a file's bytes; OSError when it cannot be read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
