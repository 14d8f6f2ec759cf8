"""A bundle on this machine, as its lock describes it."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from bootstrap.bundle.digest import file_sha256
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.inventory import Role
from bootstrap.model.lock import Lock, LockedFile

LOCK_NAME = "bundle.yaml"


@dataclass(frozen=True)
class Bundle:
    """A folder and its lock. Files are found by digest; nothing is trusted before its digest was compared."""

    folder: Path
    lock: Lock

    @classmethod
    def open(cls, folder: Path) -> "Bundle":
        """Read the lock. Raises KB1201 when there is none and KB1202 when it is not one."""
        path = folder / LOCK_NAME
        try:
            return cls(folder, Lock.from_yaml(path.read_text()))
        except OSError as error:
            raise _no_bundle(folder, error) from error
        except (yaml.YAMLError, ValidationError) as error:
            raise _bad_lock(path, error) from error

    def open_blob(self, sha256: str) -> Path:
        """The path of the file with that digest, after its bytes were compared.

        Raises KB1203 when the lock names no such file, KB1204 when the bytes differ from the lock.
        """
        file = next((file for file in self.lock.files if file.sha256 == sha256), None)
        if file is None:
            raise KbootError(
                Code.BUNDLE_LACKS,
                f"the bundle has no file with sha256 {sha256}",
                where=str(self.folder),
                advice="plan again with this bundle, or build the one that the plan was made with",
                exit_code=ExitCode.INTEGRITY,
            )
        path = self.folder / file.path
        if not path.is_file() or file_sha256(path) != sha256:
            raise _altered(self.folder, file)
        return path

    def packages_for(self, role: Role, release: str) -> tuple[LockedFile, ...]:
        """Packages that a host of this role may need on this release, dependencies included; else KB1203."""
        return tuple(self._package(name, release) for name in self.lock.roles[role].packages)

    def images_for(self, role: Role) -> tuple[LockedFile, ...]:
        """Images that a host of this role needs."""
        return tuple(self.lock.image(reference) for reference in self.lock.roles[role].images)

    def repository(self, release: str) -> tuple[LockedFile, ...]:
        """Index files of the signed apt repository of a release: they are sent with every package."""
        return tuple(file for file in self.lock.files if file.kind == "apt-index" and file.release == release)

    def _package(self, name: str, release: str) -> LockedFile:
        try:
            return self.lock.package(name, release)
        except KeyError as error:
            raise KbootError(
                Code.BUNDLE_LACKS,
                f"the bundle has no package {name} for {release}",
                where=str(self.folder),
                evidence=f"it was built for: {', '.join(self.lock.releases)}",
                advice="build a bundle on a machine of that release, or take hosts of a release it was built for",
            ) from error


def _no_bundle(folder: Path, error: OSError) -> KbootError:
    return KbootError(
        Code.BUNDLE_MISSING,
        "there is no bundle here",
        where=str(folder),
        evidence=str(error),
        advice="make one with `kboot bundle build`, or name its folder",
        exit_code=ExitCode.INVALID_INPUT,
    )


def _bad_lock(path: Path, error: Exception) -> KbootError:
    return KbootError(
        Code.BUNDLE_LOCK_INVALID,
        "the bundle's lock cannot be read",
        where=str(path),
        evidence=str(error),
        advice="build the bundle again: `kboot bundle build`",
        exit_code=ExitCode.INTEGRITY,
    )


def _altered(folder: Path, file: LockedFile) -> KbootError:
    return KbootError(
        Code.BUNDLE_ALTERED,
        f"{file.path} is not the file that the lock names",
        where=str(folder),
        evidence=f"wanted sha256 {file.sha256}, {file.size_bytes} bytes",
        advice="see `kboot bundle verify`; then build the bundle again: `kboot bundle build`",
        exit_code=ExitCode.INTEGRITY,
    )
