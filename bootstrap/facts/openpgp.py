"""OpenPGP certificates as a repository offers them and a keyring holds them: whose they are, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pysequoia import Cert


@dataclass(frozen=True, slots=True)
class Certificate:
    """A public key. `fingerprint` in capitals; `expires` is None for one that never does."""

    fingerprint: str
    expires: datetime | None


def certificates(content: str | bytes) -> tuple[Certificate, ...]:
    """The certificates in a key file, armoured or not, in its order; none when it is something else (RFC 9580)."""
    from pysequoia import Cert  # noqa: PLC0415 - only a run without a bundle reads keys

    # Its types promise ValueError, and a truncated file has other names for its trouble.
    try:
        found = Cert.split_bytes(content.encode() if isinstance(content, str) else content)
    except Exception:
        return ()
    return tuple(Certificate(one.fingerprint.upper(), _end(one)) for one in found)


def _end(certificate: "Cert") -> datetime | None:
    """None too where it is signed in a way that Sequoia's policy leaves out (SHA-1): whether it holds, apt judges."""
    try:
        return certificate.expiration
    except Exception:
        return None
