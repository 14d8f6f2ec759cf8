"""What a .deb says of itself."""

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bootstrap.bundle.make.command import output_of

_UNSTATED = "see its copyright file"


@dataclass(frozen=True)
class DebFile:
    """Control fields of a .deb on disk. `depends` has Pre-Depends in it; relations are as dpkg writes them."""

    path: Path
    name: str
    version: str
    architecture: str
    depends: str = ""
    provides: str = ""


def read_deb(path: Path) -> DebFile:
    """Raises KB1207 when dpkg-deb cannot read it."""
    fields = ("Package", "Version", "Architecture", "Pre-Depends", "Depends", "Provides")
    shown = "".join(f"${{{field}}}\n" for field in fields)
    told = output_of(["dpkg-deb", "--show", f"--showformat={shown}", str(path)])
    # A long relation may be folded; what goes on starts with a blank (deb822(5)).
    name, version, architecture, before, depends, provides = told.replace("\n ", " ").splitlines()
    return DebFile(path, name, version, architecture, f"{before}, {depends}", provides)


@contextmanager
def content_of(path: Path) -> Iterator[tarfile.TarFile]:
    """The files of a .deb, as a tar that is read once, from front to back."""
    with (
        subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as tar,
    ):
        yield tar


def licence_of(path: Path) -> str:
    """Short names of the licences in a machine-readable copyright file (DEP-5), else a pointer to that file."""
    with content_of(path) as tar:
        for member in tar:
            if re.fullmatch(r"\./usr/share/doc/[^/]+/copyright", member.name) and member.isfile():
                text = (tar.extractfile(member) or io.BytesIO()).read().decode(errors="replace")
                return _short_names(text)
    return _UNSTATED


def _short_names(text: str) -> str:
    if not text.startswith("Format:"):
        return _UNSTATED
    names = re.findall(r"^License:[ \t]*(\S.*)$", text, re.MULTILINE)
    return "; ".join(sorted({name.strip() for name in names})) or _UNSTATED
