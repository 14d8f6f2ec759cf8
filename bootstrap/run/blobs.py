"""Which of the big files a host lacks: asked by digest, in one exec for all of an act's."""

import shlex
from collections.abc import Sequence

from bootstrap.model.action import PutBlob
from bootstrap.run.acting import staged

_MARK = "kboot-needs "


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
    return (
        f'mkdir -p {folder}; case "$({right})" in {blob.sha256}*) ;; *) [ -e {beside} ] || echo {_MARK}{number};; esac'
    )
