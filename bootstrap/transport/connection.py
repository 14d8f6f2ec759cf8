"""What the runner sees of a host: run a script there, put a file there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Completed:
    """A script that ended. `exit_code` is the shell's `$?` (128 + n: ended by signal n)."""

    exit_code: int
    stdout: bytes
    stderr: str
    elapsed_s: float

    @property
    def text(self) -> str:
        """Standard output as text; bytes that are no UTF-8 become U+FFFD."""
        return self.stdout.decode(errors="replace")


class Connection(Protocol):
    """One host. Cheap to make, opens on first use, safe to share between threads (one exec at a time)."""

    @property
    def host(self) -> str:
        """The inventory's name of the host: what errors and screens call it."""
        ...

    def run(
        self,
        script: str,
        *,
        timeout_s: float,
        root: bool = True,
        on_stderr: Callable[[str], None] | None = None,
    ) -> Completed:
        """Run a POSIX shell script, with PATH, LC_ALL=C and umask 077 set and nothing on its standard input.

        The script starts only when all of it has arrived. `on_stderr` gets each line as it comes.
        Any exit code is a `Completed`. Raises Unreachable, HostKeyUnknown, HostKeyChanged, LoginRefused and SudoRefused
        before the script started; HostLost and HostTimeout when it may have run and may still be running.
        """
        ...

    def put(
        self,
        source: Path,
        path: str,
        *,
        size_bytes: int,
        sha256: str,
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        """Stream a file to `path` (0600, root's); a file of that digest already there is left alone.

        `on_progress` gets the bytes sent so far. Raises what `run` raises, and TransferFailed when what arrived is not
        what was promised; then `path` is as it was before.
        """
        ...

    def close(self) -> None:
        """End the connection; a later `run` opens it again."""
        ...
