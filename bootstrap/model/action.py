"""What a step wants done on a host: data that can be printed, compared and shown as a diff."""

from dataclasses import dataclass
from typing import TypeAlias

from bootstrap.model.text import Secret, Text, revealed, sha256_hex


@dataclass(frozen=True, slots=True)
class Run:
    """Run one program. argv is plain text only (a secret goes by stdin); `timeout_s` ends it with SIGTERM.

    `ok` are the exit codes that count as done.
    """

    argv: tuple[str, ...]
    stdin: Text | None = None
    timeout_s: float = 120.0
    ok: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a whole file atomically, parents made (0755). `before` is the text it replaces as it was asked
    (None: the file is not there, or its content does not matter when `guarded` is False); when the file
    on the host is then another one, the act stops rather than overwrite somebody's edit. It is a Secret where not
    everybody on the host may read it.
    """

    path: str
    text: Text
    mode: int = 0o644
    owner: str = "root:root"
    before: str | Secret | None = None
    guarded: bool = True

    @property
    def replaces_sha256(self) -> str | None:
        """Digest of the content that may be replaced; None: no file."""
        return None if self.before is None else sha256_hex(revealed(self.before))


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove one file that was named; no directory, no pattern. Absent is fine."""

    path: str


@dataclass(frozen=True, slots=True)
class PutBlob:
    """Bring a big file from the operator (found there by digest) to `path`; sent before the act, moved by it."""

    sha256: str
    size_bytes: int
    path: str


Action: TypeAlias = Run | WriteFile | RemoveFile | PutBlob
