"""Big files: streamed as they are, named by digest, verified where they arrive."""

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bootstrap.transport.channel import Channel
from bootstrap.transport.dialogue import Dialogue
from bootstrap.transport.errors import HostTimeout, TransferFailed
from bootstrap.transport.frame import framed
from bootstrap.transport.shell import Shell

_CHUNK_BYTES = 1 << 18
# No limit for all of it: a link that many hosts share may take hours, and one that stands still is seen by each piece.
_STALL_LIMIT_S = 60.0
_DIGEST_LIMIT_S = 300.0
_SLOWEST_BYTES_PER_S = 5_000_000  # a disk under a digest
_PRESENT, _SEND = b"present\n", b"send\n"

_SCRIPT = r"""
path={path}; want={want}; part="$path.part"
digest() {{ sum=$(sha256sum <"$1") && sum=${{sum%% *}}; }}
if [ -f "$path" ] && digest "$path" && [ "$sum" = "$want" ]; then echo present; exit 0; fi
mkdir -p "${{path%/*}}" || exit 1
trap 'rm -f "$part"' EXIT
trap 'exit 143' HUP INT TERM PIPE
echo send
rm -f "$part" && cat >"$part" && digest "$part" || exit 1
if [ "$sum" != "$want" ]; then echo "arrived as sha256 $sum" >&2; exit 1; fi
chmod 0600 "$part" && mv -f "$part" "$path"
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file and where it goes; see Connection.put."""

    source: Path
    path: str
    size_bytes: int
    sha256: str
    on_progress: Callable[[int], None] | None = None


def put_file(host: str, channel: Channel, shell: Shell, upload: Upload) -> None:
    """One exec that asks whether the bytes are there and takes them only where they are missing."""
    script = _SCRIPT.format(path=shlex.quote(upload.path), want=shlex.quote(upload.sha256))
    limit_s = _DIGEST_LIMIT_S + upload.size_bytes / _SLOWEST_BYTES_PER_S
    dialogue = Dialogue(host, channel, framed(script, root=shell.root, stdin="stream"), timeout_s=limit_s)
    dialogue.begin(shell)
    answered = dialogue.listen(lambda: dialogue.out.ended or dialogue.out.content in (_PRESENT, _SEND))
    if answered and dialogue.out.content == _SEND:
        _stream(host, channel, upload)
        dialogue.restart_clock()
    completed = dialogue.finish(shell)
    if completed.exit_code != 0:
        raise TransferFailed(
            host,
            f"{upload.source.name} did not arrive at {upload.path}",
            evidence=completed.stderr.strip(),
            advice="Look at the free space of that disk; `kboot bundle verify` checks the file here.",
        )


def check_size(host: str, source: Path, size_bytes: int) -> None:
    """Raise TransferFailed, before anything is sent, when the file here is not the promised one."""
    actual = source.stat().st_size if source.is_file() else None
    if actual != size_bytes:
        found = "is missing here" if actual is None else f"has {actual} bytes here, not {size_bytes}"
        raise TransferFailed(
            host, f"{source} {found}", advice="Run `kboot bundle verify`, then build or fetch the bundle again."
        )


def chunks(source: Path) -> Iterator[bytes]:
    """The file's bytes in pieces."""
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _stream(host: str, channel: Channel, upload: Upload) -> None:
    sent = 0
    for chunk in chunks(upload.source):
        if not _taken(host, channel, upload, chunk):
            return
        sent += len(chunk)
        if upload.on_progress is not None:
            upload.on_progress(sent)
    channel.end_input()


def _taken(host: str, channel: Channel, upload: Upload, chunk: bytes) -> bool:
    """False when the other side has stopped reading: its exit code tells why."""
    try:
        channel.send(chunk, _STALL_LIMIT_S)
    except TimeoutError:
        problem = f"took no byte of {upload.source.name} for {_STALL_LIMIT_S:.0f} s"
        raise HostTimeout(host, problem, advice="Look at that host's disk.") from None
    except OSError:
        return False
    return True
