"""A folder of kboot's cache that nothing needs any more."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Unwanted:
    """It can go, how large it is and why; it can be built again."""

    path: Path
    size_bytes: int
    why: str

    @classmethod
    def of(cls, path: Path, why: str) -> "Unwanted":
        """With the size of all files below `path`; one that has two names there is on the disk once."""
        found = (file.lstat() for file in path.rglob("*") if not file.is_dir())
        return cls(path, sum({(file.st_dev, file.st_ino): file.st_size for file in found}.values()), why)
