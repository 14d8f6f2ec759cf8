"""Does every byte of a bundle stand where its lock says?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.signature import SIGNATURE_NAME
from bootstrap.model.codes import Code
from bootstrap.model.digest import file_sha256
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.lock import LockedFile

Problem = Literal["altered", "missing", "extra"]


@dataclass(frozen=True)
class Finding:
    """One file that is not as the lock says."""

    path: str
    problem: Problem
    detail: str = ""


def verify(bundle: Bundle, progress: Callable[[LockedFile], None] = lambda _: None) -> tuple[Finding, ...]:
    """Hash every file: altered, missing and extra ones, links included. Empty: the bundle is whole.

    The lock itself was proven by its signature when the bundle was opened (bundle/signature.py says against whom).
    """
    return (*_damaged(bundle, progress), *extra(bundle))


def require_whole(bundle: Bundle) -> None:
    """Hash every file before the first change of a run, so that nothing of an altered bundle reaches a host.

    Raises KB1204 (exit 12) with all that is altered or missing; a file more harms nobody.
    """
    findings = tuple(_damaged(bundle, lambda _: None))
    if findings:
        raise KbootError(
            Code.BUNDLE_ALTERED,
            f"{len(findings)} of the bundle's files are not what its lock names; nothing was changed on any host",
            where=str(bundle.folder),
            evidence="\n".join(f"{one.problem} {one.path} {one.detail}".rstrip() for one in findings[:8]),
            advice="see `kboot bundle verify`; then build the bundle again: `kboot bundle build`",
            exit_code=ExitCode.INTEGRITY,
        )


def sizes_match(bundle: Bundle) -> bool:
    """The cheap look before a build calls a bundle finished: every file is there, with its size, and no other."""
    folder, files = bundle.folder, bundle.lock.files
    return not extra(bundle) and all(_size(folder / file.path) == file.size_bytes for file in files)


def _damaged(bundle: Bundle, progress: Callable[[LockedFile], None]) -> Iterator[Finding]:
    for file in bundle.lock.files:
        progress(file)
        finding = _finding(bundle.folder / file.path, file)
        if finding:
            yield finding


def _finding(path: Path, file: LockedFile) -> Finding | None:
    size = _size(path)
    if size is None:
        return Finding(file.path, "missing")
    if size != file.size_bytes:
        return Finding(file.path, "altered", f"{size} bytes, the lock says {file.size_bytes}")
    found = file_sha256(path)
    if found != file.sha256:
        return Finding(file.path, "altered", f"sha256 {found}, the lock says {file.sha256}")
    return None


def _size(path: Path) -> int | None:
    """Bytes of a plain file; None when it is none. A link counts as none: its target is outside of what was locked."""
    return path.stat().st_size if path.is_file() and not path.is_symlink() else None


def extra(bundle: Bundle) -> tuple[Finding, ...]:
    """Files that the lock does not name, links included."""
    locked = {LOCK_NAME, SIGNATURE_NAME, *(file.path for file in bundle.lock.files)}
    found = (path for path in sorted(bundle.folder.rglob("*")) if path.is_symlink() or not path.is_dir())
    names = (str(path.relative_to(bundle.folder)) for path in found)
    return tuple(Finding(name, "extra") for name in names if name not in locked)
