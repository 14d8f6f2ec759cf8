"""What is in a bundle and how large: by kind, by release, by Kubernetes version, and file by file."""

from collections.abc import Iterator
from typing import TypeAlias

from bootstrap.model.lock import BundleLock, LockedFile
from bootstrap.show.document import Record, document

_MIB = 1024 * 1024
_WIDTH = 12
Row: TypeAlias = tuple[str, list[LockedFile]]


def mib(size_bytes: int) -> str:
    """With one decimal: 399.3 MiB."""
    return f"{size_bytes / _MIB:.1f} MiB"


def bundle_lines(lock: BundleLock) -> Iterator[str]:
    """The sums, then a line for every file."""
    yield from _table("KIND", _by_kind(lock))
    yield from _table("RELEASE", _by_release(lock))
    yield from _table("KUBERNETES", _by_version(lock), own=True)
    yield ""
    yield from map(_file_line, lock.files)
    yield from (f"note: {note}" for note in lock.notes)


def bundle_document(lock: BundleLock, folder: str, signed_by: str) -> Record:
    """The same as one JSON document; sizes are in bytes."""
    return document(
        "BundleContent",
        folder=folder,
        signedBy=signed_by,
        sizeBytes=lock.size_bytes,
        kinds={name: _sum(files) for name, files in _by_kind(lock)},
        byRelease={name: _sum(files) for name, files in _by_release(lock)},
        byVersion={name: {**_sum(files), "own": _sum(_own(files))} for name, files in _by_version(lock)},
        lock=lock.model_dump(mode="json", by_alias=True, exclude_none=True),
    )


def _table(title: str, rows: list[Row], *, own: bool = False) -> Iterator[str]:
    yield ""
    yield f"{title:{_WIDTH}} FILES         SIZE" + ("      ITS OWN" if own else "")
    for name, files in rows:
        alone = f"{mib(_size(_own(files))):>13}" if own else ""
        yield f"{name:{_WIDTH}} {len(files):5} {mib(_size(files)):>12}{alone}"


def _by_kind(lock: BundleLock) -> list[Row]:
    kinds = dict.fromkeys(file.kind for file in lock.files)
    return [(kind, [file for file in lock.files if file.kind == kind]) for kind in kinds]


def _by_release(lock: BundleLock) -> list[Row]:
    return [(release, [file for file in lock.files if file.release == release]) for release in lock.releases]


def _by_version(lock: BundleLock) -> list[Row]:
    """All that a cluster of that version may get; what other versions need too is counted with each."""
    return [(version, list(lock.of(version).files)) for version in lock.versions]


def _own(files: list[LockedFile]) -> list[LockedFile]:
    """Those that not every version of the bundle needs."""
    return [file for file in files if file.kubernetes]


def _size(files: list[LockedFile]) -> int:
    """What stands in two releases is counted once, as in the bundle's own size: else the rows would be more than it."""
    return sum({file.sha256: file.size_bytes for file in files}.values())


def _sum(files: list[LockedFile]) -> dict[str, int]:
    return {"files": len(files), "sizeBytes": _size(files)}


def _file_line(file: LockedFile) -> str:
    shown = file.reference or f"{file.name} {file.version}"
    place = f" ({file.release})" if file.release else ""
    note = f"  ({file.note})" if file.note else ""
    size = f"{mib(file.size_bytes):>11}"
    return f"{file.kind:9} {size}  {file.sha256[:12]}  {shown}{place}  <- {file.source}  [{file.licence}]{note}"
