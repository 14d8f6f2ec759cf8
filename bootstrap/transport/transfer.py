"""Big files: streamed as they are, named by digest, verified where they arrive."""

import hashlib
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
# What arrived before the link broke is compared in pieces of this size: after a power cut only the torn tail is sent.
PIECE_BYTES = 8 << 20

# The first `ls` finds who still writes: a session whose link broke may wait for its bytes for hours (sshd learns of a
# dead client by ClientAliveInterval, off by default: sshd_config(5)), and two writers would spoil the file.
_SCRIPT = r"""
path={path}; want={want}; size={size}; part="$path.part"
digest() {{ sum=$(sha256sum <"$1") && sum=${{sum%% *}}; }}
bytes() {{ stat -c %s "$1" 2>/dev/null || echo 0; }}
if [ -f "$path" ] && digest "$path" && [ "$sum" = "$want" ]; then rm -f "$part"; echo present; exit 0; fi
mkdir -p "${{path%/*}}" || exit 1
trap 'exit 143' HUP INT TERM PIPE
if [ -f "$part" ] && [ ! -L "$part" ]; then
    ls -l /proc/[0-9]*/fd/1 2>/dev/null | grep -F -e " -> $part" | sed 's|.*/proc/\([0-9]*\)/.*|\1|' |
        while read -r writer; do kill "$writer"; done
else rm -rf "$part"; fi
have=$(bytes "$part"); at=0
while [ "$at" -lt "$have" ]; do
    sum=$(dd if="$part" bs=1048576 skip=$((at / 1048576)) count={piece_mib} 2>/dev/null | sha256sum)
    echo "${{sum%% *}} $((have - at))"; at=$((at + {piece_mib} * 1048576))
done
echo send
read -r keep || exit 1
{{ [ "$keep" -eq "$have" ] || truncate -s "$keep" "$part"; }} || exit 1
cat >>"$part"; code=$?
if [ $code -ne 0 ]; then
    if [ $code -lt 128 ]; then rm -f "$part"; else echo "another upload of this file took its place" >&2; fi
    exit 1
fi
[ "$(bytes "$part")" -ge "$size" ] || exit 1 # the link broke: what came stays for the next time
digest "$part" || exit 1
if [ "$sum" != "$want" ]; then rm -f "$part"; echo "arrived as sha256 $sum" >&2; exit 1; fi
chmod 0600 "$part" && {{ sync "$part" 2>/dev/null || sync; }} && mv -f "$part" "$path"
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
    """One exec that asks which bytes are there and takes those that are missing.

    What an upload that broke off has left beside the place is compared piece by piece and kept as far as it is right.
    """
    limit_s = _DIGEST_LIMIT_S + upload.size_bytes / _SLOWEST_BYTES_PER_S
    dialogue = Dialogue(host, channel, framed(script_for(upload), root=shell.root, stdin="stream"), timeout_s=limit_s)
    dialogue.begin(shell)
    answered = dialogue.listen(lambda: dialogue.out.ended or dialogue.out.content.endswith((_PRESENT, _SEND)))
    if answered and dialogue.out.content.endswith(_SEND):
        _stream(host, channel, upload, kept_bytes(upload.source, dialogue.out.content))
        dialogue.restart_clock()
    completed = dialogue.finish(shell)
    if completed.exit_code != 0:
        raise TransferFailed(
            host,
            f"{upload.source.name} did not arrive at {upload.path}",
            evidence=completed.stderr.strip(),
            advice="Look at the free space of that disk; `kboot bundle verify` checks the file here.",
        )


def script_for(upload: Upload) -> str:
    """What runs on the host. It prints `present`, or a line for each piece that is there and `send`."""
    words = {"path": shlex.quote(upload.path), "want": shlex.quote(upload.sha256), "size": upload.size_bytes}
    return _SCRIPT.format(**words, piece_mib=PIECE_BYTES >> 20)


def kept_bytes(source: Path, told: bytes) -> int:
    """How many bytes of a broken upload are the file's own. `told`: lines `SHA256 BYTES-FROM-HERE`, then `send`."""
    kept = 0
    with source.open("rb") as file:
        for line in told.splitlines()[:-1]:
            digest, left = line.split()
            piece = file.read(min(PIECE_BYTES, int(left)))
            if len(piece) < min(PIECE_BYTES, int(left)) or hashlib.sha256(piece).hexdigest() != digest.decode():
                break
            kept += len(piece)
    return kept


def check_size(host: str, source: Path, size_bytes: int) -> None:
    """Raise TransferFailed, before anything is sent, when the file here is not the promised one."""
    actual = source.stat().st_size if source.is_file() else None
    if actual != size_bytes:
        found = "is missing here" if actual is None else f"has {actual} bytes here, not {size_bytes}"
        raise TransferFailed(
            host, f"{source} {found}", advice="Run `kboot bundle verify`, then build or fetch the bundle again."
        )


def chunks(source: Path, start: int = 0) -> Iterator[bytes]:
    """The file's bytes from `start` on."""
    with source.open("rb") as file:
        file.seek(start)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _stream(host: str, channel: Channel, upload: Upload, kept: int) -> None:
    """Say how many bytes of what is there may stay, then send the others."""
    if not _taken(host, channel, upload, b"%d\n" % kept):
        return
    sent = kept
    if kept and upload.on_progress is not None:
        upload.on_progress(kept)
    for chunk in chunks(upload.source, kept):
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
