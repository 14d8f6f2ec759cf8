"""A bundle on this machine, as its lock describes it."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from bootstrap.bundle.signature import SIGNATURE_NAME, Signature
from bootstrap.model.codes import Code
from bootstrap.model.digest import file_sha256
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.lock import BundleLock, LockedFile

LOCK_NAME = "bundle.yaml"


@dataclass(frozen=True)
class Bundle:
    """A folder and its lock. Files are found by digest; nothing is trusted before its digest was compared.

    `signed_by` is the public key whose owner signed the lock; empty when nobody looked.
    """

    folder: Path
    lock: BundleLock
    signed_by: str = ""

    @classmethod
    def open(cls, folder: Path, key: str | None = None) -> "Bundle":
        """Read the lock once its signature was checked, and that its key is `key` where one is wanted.

        Raises KB1201 when there is no lock, KB1202 when it is not one, KB1211 when it is not signed, KB1212 when it or
        its signature was altered, KB1213 when it was signed with another key.
        """
        content = _lock_bytes(folder)
        try:
            signature = Signature.from_bytes((folder / SIGNATURE_NAME).read_bytes())
        except OSError as error:
            raise _unsigned(folder) from error
        if signature is None or not signature.covers(content):
            raise _forged(folder)
        if key is not None and signature.key != key.lower():
            raise _other_key(folder, signature.key, key)
        return cls(folder, _parsed(folder, content), signature.key)

    @classmethod
    def read(cls, folder: Path) -> "Bundle":
        """Read the lock, signed or not: only for who decides what becomes of the folder. Raises KB1201, KB1202."""
        return cls(folder, _parsed(folder, _lock_bytes(folder)))

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


def _lock_bytes(folder: Path) -> bytes:
    try:
        return (folder / LOCK_NAME).read_bytes()
    except OSError as error:
        raise _no_bundle(folder, error) from error


def _parsed(folder: Path, content: bytes) -> BundleLock:
    try:
        return BundleLock.from_yaml(content.decode())
    except (UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise _bad_lock(folder / LOCK_NAME, error) from error


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


def _unsigned(folder: Path) -> KbootError:
    return KbootError(
        Code.BUNDLE_UNSIGNED,
        f"the bundle's lock is not signed: there is no {SIGNATURE_NAME}",
        where=str(folder),
        advice="copy the bundle again with its signature, or build it anew: `kboot bundle build` (with --output, when "
        "it is not in the cache)",
        exit_code=ExitCode.INTEGRITY,
    )


def _forged(folder: Path) -> KbootError:
    return KbootError(
        Code.BUNDLE_FORGED,
        f"{LOCK_NAME} is not what was signed: it or {SIGNATURE_NAME} was altered",
        where=str(folder),
        advice="copy the bundle again from where it was whole, or build it again: `kboot bundle build`",
        exit_code=ExitCode.INTEGRITY,
    )


def _other_key(folder: Path, found: str, wanted: str) -> KbootError:
    return KbootError(
        Code.BUNDLE_KEY_DIFFERS,
        "the bundle was signed with another key than the one that is wanted",
        where=str(folder),
        evidence=f"signed by {found}\nwanted    {wanted}",
        advice="ask who gave you the bundle; on the machine that built it `kboot bundle list` shows the key",
        exit_code=ExitCode.INTEGRITY,
    )
