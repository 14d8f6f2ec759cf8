"""Debian packages from programs: a tree, its control file, and dpkg-deb."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.bundle.make.command import output_of

MAINTAINER = "kboot bundle build <bundle@kboot.invalid>"
# dpkg-deb takes every date from here, so that equal content gives equal bytes.
_EPOCH = "315532800"
# dpkg's own default is level 3; at 12 the eighteen CNI plugins, which share most of their code, take half the room.
COMPRESSION = ("-Zzstd", "-z12")


@dataclass(frozen=True)
class Content:
    """One file of a package: a program of a part (`part`, `program`) or a `text`."""

    path: str
    mode: int = 0o644
    part: str = ""
    program: str = ""
    text: str = ""


@dataclass(frozen=True)
class Package:
    """A binary package. `relations` are control fields such as Depends; `scripts` maintainer scripts by name."""

    name: str
    version: str
    summary: str
    source: str
    licence: str
    contents: tuple[Content, ...]
    relations: tuple[tuple[str, str], ...] = ()
    conffiles: tuple[str, ...] = ()
    scripts: tuple[tuple[str, str], ...] = ()
    homepage: str = "https://kubernetes.io"

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts whose programs it holds."""
        return tuple(sorted({content.part for content in self.contents if content.part}))


def file_name(name: str, version: str, architecture: str) -> str:
    """As in Debian's own archive: the epoch is no part of the file name."""
    return f"{name}_{version.split(':', 1)[-1]}_{architecture}.deb"


def build_package(package: Package, inputs: Mapping[str, Path], architecture: str, out: Path) -> Path:
    """Write the .deb into `out` and return its path."""
    tree = out / ".tree"
    for content in package.contents:
        _place(content, inputs, tree)
    for part in package.parts:
        _copy(inputs[part] / "LICENSE", tree / f"usr/share/doc/{package.name}/copyright", 0o644)
    _write_control(package, architecture, tree)
    deb = out / file_name(package.name, package.version, architecture)
    command = ["dpkg-deb", "--root-owner-group", *COMPRESSION, "--build", str(tree), str(deb)]
    output_of(command, env={"SOURCE_DATE_EPOCH": _EPOCH}, timeout_s=600)
    shutil.rmtree(tree)
    return deb


def _place(content: Content, inputs: Mapping[str, Path], tree: Path) -> None:
    target = tree / content.path.lstrip("/")
    if content.part:
        _copy(inputs[content.part] / content.program, target, content.mode)
        return
    _write(target, content.text, content.mode)


def _write_control(package: Package, architecture: str, tree: Path) -> None:
    control = tree / "DEBIAN"
    _write(control / "control", _control(package, architecture, _installed_kib(tree)), 0o644)
    if package.conffiles:
        _write(control / "conffiles", "".join(f"{path}\n" for path in package.conffiles), 0o644)
    for name, script in package.scripts:
        _write(control / name, script, 0o755)
    _open_folders(tree)


def _control(package: Package, architecture: str, installed_kib: int) -> str:
    fields = {
        "Package": package.name,
        "Version": package.version,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(installed_kib),
        **dict(package.relations),
        "Section": "admin",
        "Priority": "optional",
        "Homepage": package.homepage,
        "Description": f"{package.summary}\n Built by kboot from {package.source}.",
    }
    return "".join(f"{key}: {value}\n" for key, value in fields.items())


def _installed_kib(tree: Path) -> int:
    return sum(-(-path.stat().st_size // 1024) for path in tree.rglob("*") if path.is_file())


def _open_folders(tree: Path) -> None:
    """Every folder 0755, whatever this process's umask is: dpkg would hand a private /etc to the host."""
    for folder in (tree, *tree.rglob("*")):
        if folder.is_dir():
            folder.chmod(0o755)


def _copy(source: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def _write(target: Path, text: str, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    target.chmod(mode)
