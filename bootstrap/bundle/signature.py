"""What vouches for a bundle's lock: an Ed25519 signature over the bytes of bundle.yaml, in a file beside it.

Through the lock's digests it covers every byte of the bundle. It finds damage, and any change by someone who has not
the signing key. The public key travels with the signature, so a bundle that somebody signed anew with a key of their
own is a good bundle of theirs: who must tell the two apart compares the key with the one that its maker told
(`kboot bundle verify --key`). Ed25519 by the library that SSH needs anyway (RFC 8032): the operator needs no gpg.
"""

import re
from dataclasses import dataclass

SIGNATURE_NAME = "bundle.yaml.sig"
_FORM = re.compile(r"kboot bundle signature 1\nkey ([0-9a-f]{64})\nsignature ([0-9a-f]{128})\n")


@dataclass(frozen=True)
class Signature:
    """The public key (32 bytes) and the signature (64 bytes), both as lower-case hex."""

    key: str
    value: str

    @classmethod
    def from_bytes(cls, content: bytes) -> "Signature | None":
        """None unless it is byte for byte what `to_bytes` writes, so that no flipped bit goes unseen."""
        match = _FORM.fullmatch(content.decode("ascii", "replace"))
        return cls(*match.groups()) if match else None

    def to_bytes(self) -> bytes:
        """The content of the file."""
        return f"kboot bundle signature 1\nkey {self.key}\nsignature {self.value}\n".encode()

    def covers(self, content: bytes) -> bool:
        """Whether the key's owner signed exactly this content."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - a tenth of a second
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key)).verify(bytes.fromhex(self.value), content)
        except (InvalidSignature, ValueError):
            return False
        return True
