"""What a lab's mirror serves: a bundle's packages laid out as pkgs.k8s.io, Docker's repository and Debian's do it.

Layouts: a flat repository a minor with Release.key beside (pkgs.k8s.io); dists/<codename>/stable and gpg (Docker);
wiki.debian.org/DebianRepository/Format for the rest. All are signed by one key, made for this lab.
"""

import gzip
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.lab.command import run
from bootstrap.model.tables.sources import CONTAINERD_PACKAGE, KUBERNETES_PACKAGES, UPSTREAM_PACKAGES

if TYPE_CHECKING:
    from bootstrap.model.lock import BundleLock, LockedFile

_OWNER = "kboot lab mirror"
_LONG_S = 120


@dataclass(frozen=True)
class MirrorTree:
    """Paths of what one lab's mirror needs."""

    folder: Path

    @property
    def served(self) -> Path:
        """What the web server shows."""
        return self.folder / "www"

    @property
    def key_home(self) -> Path:
        """GnuPG's home with the lab's own key."""
        return self.folder / "gnupg"

    @property
    def key(self) -> Path:
        """The public key, armoured."""
        return self.folder / "mirror.asc"

    @property
    def fingerprint_file(self) -> Path:
        """The key's fingerprint; written last, so that what it stands beside is whole."""
        return self.folder / "fingerprint"

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint."""
        return self.fingerprint_file.read_text().strip()


def ensure_tree(tree: MirrorTree, bundle: Path) -> None:
    """The repositories of this bundle; made anew unless they were made whole."""
    if tree.fingerprint_file.exists():
        return
    shutil.rmtree(tree.folder, ignore_errors=True)
    tree.key_home.mkdir(parents=True, mode=0o700)
    tree.folder.chmod(0o755)
    from bootstrap.model.lock import BundleLock  # noqa: PLC0415 - pydantic: no help page waits for it

    lock = BundleLock.from_yaml((bundle / "bundle.yaml").read_text())
    fingerprint = _new_key(tree)
    _kubernetes(tree, bundle, lock)
    for release in lock.releases:
        _containerd(tree, bundle, lock, release)
        others = [file for file in _packages(lock, release) if file.name not in UPSTREAM_PACKAGES]
        _flat(tree, bundle, others, tree.served / "debian" / release)
    run([*_gpg(tree, "gpgconf"), "--kill", "all"])
    tree.fingerprint_file.write_text(f"{fingerprint}\n")


def _kubernetes(tree: MirrorTree, bundle: Path, lock: "BundleLock") -> None:
    for minor in sorted({version.rpartition(".")[0] for version in lock.versions}):
        folder = tree.served / "kubernetes" / f"core:/stable:/v{minor}" / "deb"
        versions = [version for version in lock.versions if version.rpartition(".")[0] == minor]
        files = {file.path: file for version in versions for file in lock.of(version).files if file.kind == "package"}
        own = [file for file in files.values() if file.name in KUBERNETES_PACKAGES and file.release == lock.releases[0]]
        _flat(tree, bundle, own, folder)
        shutil.copyfile(tree.key, folder / "Release.key")


def _containerd(tree: MirrorTree, bundle: Path, lock: "BundleLock", release: str) -> None:
    top = tree.served / "docker" / "debian"
    pool, dist = f"dists/{release}/pool/stable/{lock.architecture}", f"dists/{release}"
    index = top / dist / "stable" / f"binary-{lock.architecture}"
    index.mkdir(parents=True)
    _copy(bundle, [file for file in _packages(lock, release) if file.name == CONTAINERD_PACKAGE], top / pool)
    _write_index(index, run(["apt-ftparchive", "packages", pool], cwd=top))
    _sign(tree, top / dist, release, lock.architecture, "stable")
    shutil.copyfile(tree.key, top / "gpg")


def _flat(tree: MirrorTree, bundle: Path, files: "Iterable[LockedFile]", folder: Path) -> None:
    _copy(bundle, files, folder)
    _write_index(folder, run(["apt-ftparchive", "packages", "."], cwd=folder, timeout_s=_LONG_S))
    _sign(tree, folder, "/", "amd64 arm64", "")


def _packages(lock: "BundleLock", release: str) -> "tuple[LockedFile, ...]":
    return tuple(file for file in lock.files if file.kind == "package" and file.release == release)


def _copy(bundle: Path, files: "Iterable[LockedFile]", folder: Path) -> None:
    """Copies and no links: who alters what the mirror serves must not reach into the bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(bundle / file.path, folder / Path(file.path).name)


def _write_index(folder: Path, packages: str) -> None:
    (folder / "Packages").write_text(packages)
    (folder / "Packages.gz").write_bytes(gzip.compress(packages.encode(), mtime=0))


def _sign(tree: MirrorTree, folder: Path, suite: str, architectures: str, components: str) -> None:
    fields = {"Origin": _OWNER, "Suite": suite, "Codename": suite, "Architectures": architectures}
    fields |= {"Components": components} if components else {}
    options = [word for name, value in fields.items() for word in ("-o", f"APT::FTPArchive::Release::{name}={value}")]
    (folder / "Release").write_text(run(["apt-ftparchive", *options, "release", "."], cwd=folder))
    signing = ["--clearsign", "--yes", "--output", str(folder / "InRelease"), str(folder / "Release")]
    run([*_gpg(tree, "gpg"), "--batch", *signing])


def _new_key(tree: MirrorTree) -> str:
    gpg = [*_gpg(tree, "gpg"), "--batch", "--quiet", "--no-tty"]
    run([*gpg, "--passphrase", "", "--quick-generate-key", _OWNER, "ed25519", "sign", "never"], timeout_s=_LONG_S)
    listed = run([*gpg, "--with-colons", "--list-secret-keys"]).splitlines()
    run([*gpg, "--armor", "--output", str(tree.key), "--export"])
    return next(line.split(":")[9] for line in listed if line.startswith("fpr:"))


def _gpg(tree: MirrorTree, program: str) -> list[str]:
    return [program, "--homedir", str(tree.key_home)]
