"""Files as a host has them."""

import shlex
import stat
from dataclasses import dataclass

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output
from bootstrap.model.text import Secret


def file_text(path: str) -> Fact[str]:
    """The whole text of a file; Absent when there is none."""
    return Fact(f"file-text {path}", _reading(path, "cat"), lambda out: _present(path, out), answers=_ANSWERS)


def file_secret(path: str) -> Fact[Secret]:
    """The whole text of a file that holds credentials, as a Secret; Absent when there is none."""
    return Fact(f"file-secret {path}", _reading(path, "cat"), lambda out: _secret(path, out), answers=_ANSWERS)


@dataclass(frozen=True, slots=True)
class OwnedFile:
    """The whole text of a file with its permission bits; `owner` is USER:GROUP."""

    text: str | Secret
    mode: int
    owner: str


def owned_file(path: str) -> Fact[OwnedFile]:
    """A file as its admin keeps it, its text a Secret unless everybody on the host may read it; Absent: none there."""
    script = _reading(path, f"stat -L -c '%a %U:%G' {shlex.quote(path)} && cat")
    return Fact(f"file-owned {path}", script, lambda out: _owned(path, out), answers=_ANSWERS)


def file_sha256(path: str) -> Fact[str]:
    """Lower-case hex sha256 of a file's bytes; Absent when there is none."""
    return Fact(f"file-sha256 {path}", _reading(path, "sha256sum"), lambda out: _digest(path, out), answers=_ANSWERS)


def file_digests(topic: str, paths: tuple[str, ...]) -> Fact[dict[str, str]]:
    """path -> lower-case hex sha256 of those of these files that are there; no path holds a blank.

    Asked of those alone: uutils' sha256sum (Ubuntu 25.10) was seen to end at the first that is not there (0.0.30).
    """
    script = (
        f'set --; for path in {" ".join(paths)}; do [ ! -f "$path" ] || set -- "$@" "$path"; done; '
        '[ $# -eq 0 ] || sha256sum "$@" 2>/dev/null; true'
    )
    return Fact(f"file-digests {topic}", script, _each_digest)


_ANSWERS = frozenset({0, ABSENT_CODE})


def _reading(path: str, program: str) -> str:
    quoted = shlex.quote(path)
    return f"[ -e {quoted} ] || exit {ABSENT_CODE}; {program} {quoted}"


def _present(path: str, out: Output) -> Answer[str]:
    return Absent(f"{path} is not there") if out.exit_code == ABSENT_CODE else Known(out.stdout)


def _secret(path: str, out: Output) -> Answer[Secret]:
    match _present(path, out):
        case Known(value):
            return Known(Secret(value))
        case absent:
            return absent


def _owned(path: str, out: Output) -> Answer[OwnedFile]:
    match _present(path, out):
        case Known(value):
            kept, text = value.split("\n", 1)
            mode, owner = kept.split()
            bits = int(mode, 8)
            return Known(OwnedFile(text if bits & stat.S_IROTH else Secret(text), bits, owner))
        case absent:
            return absent


def _digest(path: str, out: Output) -> Answer[str]:
    match _present(path, out):
        case Known(value):
            return Known(value.split()[0].lstrip("\\"))
        case absent:
            return absent


def _each_digest(out: Output) -> Answer[dict[str, str]]:
    rows = (line.split(maxsplit=1) for line in out.stdout.splitlines())
    return Known({path: digest for digest, path in rows})
