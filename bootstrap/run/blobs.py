"""Files from the operator: small ones travel with the act, big ones before it, and only those that the host lacks."""

import shlex
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from bootstrap.model.action import PutBlob
from bootstrap.run.acting import staged

OpenBlob: TypeAlias = Callable[[str], Path]

_SMALL_BYTES = 512 * 1024
_CARRIED_BYTES = 4 * 1024 * 1024
_MARK = "kboot-needs "


class OpenedOnce:
    """Opens each blob once a run and not once a host: opening compares gigabytes with their digests.

    Who wants one that is being opened waits for it. A failure is not kept. What arrives on a host is compared there.
    """

    def __init__(self, open_blob: OpenBlob) -> None:
        self._open_blob = open_blob
        self._paths: dict[str, Path] = {}
        self._lock = threading.Lock()
        self._opening: dict[str, threading.Lock] = {}

    def __call__(self, sha256: str) -> Path:
        with self._lock:
            opening = self._opening.setdefault(sha256, threading.Lock())
        with opening:
            if sha256 not in self._paths:
                self._paths[sha256] = self._open_blob(sha256)
            return self._paths[sha256]


def carriable(blobs: Sequence[PutBlob], open_blob: OpenBlob) -> Mapping[str, bytes]:
    """The contents of the small ones by digest, as many as one act may carry: each saves a round trip."""
    carried: dict[str, bytes] = {}
    room = _CARRIED_BYTES
    for blob in sorted(blobs, key=lambda one: one.size_bytes):
        room -= blob.size_bytes
        if blob.size_bytes > _SMALL_BYTES or room < 0:
            break
        carried[blob.sha256] = open_blob(blob.sha256).read_bytes()
    return carried


def needing(blobs: Sequence[PutBlob]) -> str:
    """A script that makes the folders and names the blobs that are neither in their place nor staged beside it."""
    return "umask 022\n" + "\n".join(_one(number, blob) for number, blob in enumerate(blobs)) + "\n"


def needed_of(blobs: Sequence[PutBlob], told: str) -> tuple[PutBlob, ...]:
    """The blobs that the script named."""
    lines = {line.removeprefix(_MARK) for line in told.splitlines() if line.startswith(_MARK)}
    return tuple(blob for number, blob in enumerate(blobs) if str(number) in lines)


def _one(number: int, blob: PutBlob) -> str:
    place, beside = shlex.quote(blob.path), shlex.quote(staged(blob))
    folder = shlex.quote(blob.path.rpartition("/")[0] + "/")
    right = f'case "$(stat -c %s {place} 2>/dev/null)" in {blob.size_bytes}) sha256sum <{place};; esac'
    # The staged one has its digest in its name, and got it only when all of it was on the disk.
    waits = f'[ "$(stat -c %s {beside} 2>/dev/null)" = {blob.size_bytes} ]'
    return f'mkdir -p {folder}; case "$({right})" in {blob.sha256}*) ;; *) {waits} || echo {_MARK}{number};; esac'
