"""The key that signs bundles' locks: made once per machine that builds bundles, kept 0600 beside the repository's."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bootstrap.bundle.bundle import LOCK_NAME
from bootstrap.bundle.signature import SIGNATURE_NAME, Signature

_FILE = "lock-key"


@dataclass(frozen=True)
class LockKey:
    """An Ed25519 key without passphrase: what guards it is the folder's mode."""

    private: Ed25519PrivateKey

    @classmethod
    def at(cls, home: Path) -> "LockKey":
        """The key kept in the folder `home`, made when there is none. One build at a time calls this."""
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.chmod(0o700)
        path = home / _FILE
        if not path.is_file():
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(Ed25519PrivateKey.generate().private_bytes_raw())
            draft.rename(path)
        return cls(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))

    @property
    def public(self) -> str:
        """The public key as hex: what `kboot bundle verify --key` takes."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, folder: Path) -> None:
        """Write the signature of the lock in this bundle's folder."""
        value = self.private.sign((folder / LOCK_NAME).read_bytes()).hex()
        (folder / SIGNATURE_NAME).write_bytes(Signature(self.public, value).to_bytes())
