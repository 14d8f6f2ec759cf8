"""The operator's own machine: no SSH, no sudo, perhaps a Mac."""

import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from bootstrap.model.digest import file_sha256
from bootstrap.transport.connection import Completed
from bootstrap.transport.errors import HostTimeout, TransferFailed
from bootstrap.transport.transfer import check_size

_DRAIN_S = 1.0


class Local:
    """transport.connection.Connection without a network. `root` is ignored: it runs as the operator."""

    def __init__(self, host: str = "operator") -> None:
        self.host = host
        self._lock = threading.RLock()

    def run(
        self,
        script: str,
        *,
        timeout_s: float,
        root: bool = True,  # noqa: ARG002
        on_stderr: Callable[[str], None] | None = None,
    ) -> Completed:
        """See Connection.run; PATH stays the operator's own."""
        started = time.monotonic()
        with self._lock, _Child(script, on_stderr) as child:
            if not child.ended_within(timeout_s):
                problem = f"the script did not end within {timeout_s:.0f} s and was killed"
                raise HostTimeout(self.host, problem, evidence=child.stderr[-2000:].strip())
            return Completed(child.exit_code, child.stdout, child.stderr, time.monotonic() - started)

    def put(
        self,
        source: Path,
        path: str,
        *,
        size_bytes: int,
        sha256: str,
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        """See Connection.put; the file is the operator's."""
        check_size(self.host, source, size_bytes)
        target = Path(path)
        with self._lock:
            if target.is_file() and file_sha256(target) == sha256:
                return
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = target.with_name(f"{target.name}.part")
            try:
                self._copy(source, part, sha256)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        if on_progress is not None:
            on_progress(size_bytes)

    def close(self) -> None:
        """Nothing is open between two runs."""

    def _copy(self, source: Path, part: Path, sha256: str) -> None:
        with source.open("rb") as reader, os.fdopen(_private(part), "wb") as writer:
            shutil.copyfileobj(reader, writer)
        arrived = file_sha256(part)
        if arrived != sha256:
            raise TransferFailed(
                self.host,
                f"{source.name} is not the promised file",
                evidence=f"sha256 {arrived}",
                advice="Run `kboot bundle verify`.",
            )


class _Child:
    """One `sh -s` in a process group of its own, both outputs read as they come."""

    def __init__(self, script: str, on_stderr: Callable[[str], None] | None) -> None:
        self._script = script
        self._on_stderr = on_stderr
        self._lines: list[str] = []
        self.stdout = b""

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(["sh", "-s"], stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
        self._stdin, self._stdout, self._stderr = _pipes(self._process)
        tasks = (self._write, self._read_out, self._read_err)
        self._threads = [threading.Thread(target=task, daemon=True) for task in tasks]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:  # a script with a scratch folder removes it on SIGTERM
            os.killpg(self._process.pid, signal.SIGTERM)
            self._drain()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def exit_code(self) -> int:
        """As the shell counts: 128 + n when signal n ended it."""
        code = self._process.returncode
        return code if code >= 0 else 128 - code

    @property
    def stderr(self) -> str:
        """Standard error so far."""
        return "".join(self._lines)

    def ended_within(self, timeout_s: float) -> bool:
        """Wait for the shell, then shortly for what is still in the pipes; a background process may keep them open."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        self._drain()
        return True

    def _drain(self) -> None:
        for thread in self._threads:
            thread.join(_DRAIN_S)

    def _write(self) -> None:
        program = (
            f"{{ LC_ALL=C; export LC_ALL; umask 077\n(eval {shlex.quote(self._script)}\n) </dev/null; exit $?; }}\n"
        )
        with suppress(BrokenPipeError), self._stdin:
            self._stdin.write(program.encode())

    def _read_out(self) -> None:
        while data := os.read(self._stdout.fileno(), 1 << 16):
            self.stdout += data

    def _read_err(self) -> None:
        for line in self._stderr:
            self._lines.append(line.decode(errors="replace"))
            if self._on_stderr is not None:
                self._on_stderr(self._lines[-1].rstrip("\n"))


def _private(path: Path) -> int:
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    """The three pipes, which Popen's type calls optional."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise ValueError("the process was started without pipes")
    return process.stdin, process.stdout, process.stderr
