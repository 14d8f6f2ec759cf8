"""Tar files that depend on nothing but their content: sorted, owned by root, dated 1970."""

import io
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One path of a tar file: a file (`source` or `text`), a link (`link`), or a directory (none of them).

    Paths are relative, without a leading slash.
    """

    path: str
    mode: int = 0o755
    source: Path | None = None
    text: bytes | None = None
    link: str | None = None


def write_tar(out: Path, entries: Iterable[Entry]) -> None:
    """Write `entries`, with the directories above them (0755), in the order of their paths."""
    with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as tar:
        for entry in _complete(entries):
            _add(tar, entry)


def _complete(entries: Iterable[Entry]) -> list[Entry]:
    by_path = {entry.path: entry for entry in entries}
    for path in list(by_path):
        for parent in Path(path).parents:
            if str(parent) != ".":
                by_path.setdefault(str(parent), Entry(str(parent)))
    return [by_path[path] for path in sorted(by_path, key=lambda path: path.split("/"))]


def _add(tar: tarfile.TarFile, entry: Entry) -> None:
    info = tarfile.TarInfo(entry.path)
    info.mode = entry.mode
    if entry.link is not None:
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, entry.link, 0o777
        tar.addfile(info)
    elif entry.source is not None:
        info.size = entry.source.stat().st_size
        with entry.source.open("rb") as stream:
            tar.addfile(info, stream)
    elif entry.text is not None:
        info.size = len(entry.text)
        tar.addfile(info, io.BytesIO(entry.text))
    else:
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
