"""Made parts, kept by key: a build that was cut off goes on where it was, and a finished one costs nothing."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_KEY_CHARACTERS = 16
_DRAFT = ".draft-"


@dataclass(frozen=True)
class Store:
    """A folder of finished parts. A part is there whole or not at all: it is renamed into place."""

    folder: Path

    def sweep(self) -> None:
        """Remove drafts of builds that were killed. Only under the build lock: a draft may be somebody's work."""
        for draft in self.folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(draft, ignore_errors=True)

    def parts(self) -> tuple[Path, ...]:
        """Every finished part, of whatever recipe."""
        return tuple(sorted(path for path in self.folder.glob("*") if path.is_dir() and path.name[0] != "."))

    def path(self, name: str, key: str) -> Path:
        """Where the part of that key is or will be."""
        return self.folder / f"{name}-{key[:_KEY_CHARACTERS]}"

    def make(self, name: str, key: str, fill: Callable[[Path], None]) -> Path:
        """The part's folder; `fill` is called with an empty folder when the store has none yet."""
        final = self.path(name, key)
        if final.is_dir():
            return final
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f"{_DRAFT}{name}-", dir=self.folder))
        try:
            fill(draft)
            draft.chmod(0o755)
            draft.rename(final)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return final
