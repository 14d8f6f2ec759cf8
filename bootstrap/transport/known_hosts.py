"""known_hosts as OpenSSH reads it (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), line by line: a bad line spoils no other."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path


class Verdict(Enum):
    """What known_hosts says of an offered key."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class HostKey:
    """A server's public key: its type and its wire form."""

    kind: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it: SHA256:..."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    def line(self, known_as: str) -> str:
        """Its line in known_hosts, for a host of that name (`[address]:port` when the port is not 22)."""
        return f"{known_as} {self.kind} {base64.b64encode(self.blob).decode()}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One readable line."""

    marker: str
    names: str
    key: HostKey

    def matches(self, host: str) -> bool:
        """Whether the line is about this host: names, wildcards, `!` exclusions, or one hashed name."""
        if self.names.startswith("|1|"):
            return _hash_matches(self.names, host)
        patterns = self.names.lower().split(",")
        if any(fnmatchcase(host.lower(), _pattern(name[1:])) for name in patterns if name.startswith("!")):
            return False
        return any(fnmatchcase(host.lower(), _pattern(name)) for name in patterns)


@dataclass(frozen=True, slots=True)
class KnownHosts:
    """The lines of one or more known_hosts files."""

    entries: tuple[Entry, ...]

    def judge(self, host: str, key: HostKey) -> Verdict:
        """Judge a key offered by `host` (`[address]:port` when the port is not 22).

        Like OpenSSH, a line without the port vouches for the same key on any port. Unlike OpenSSH, a host with keys of
        other types only counts as changed: a new type is what an impostor would offer.
        """
        if any(entry.key == key and entry.matches(host) for entry in self.entries if entry.marker == "@revoked"):
            return Verdict.REVOKED
        mine = self._keys(host)
        if mine:
            return Verdict.KNOWN if key in mine else Verdict.CHANGED
        portless = host[1:].partition("]:")[0]
        return Verdict.KNOWN if host.startswith("[") and key in self._keys(portless) else Verdict.UNKNOWN

    def kinds(self, host: str) -> tuple[str, ...]:
        """The key types known for a host, to be asked for first."""
        return tuple(dict.fromkeys(key.kind for key in self._keys(host)))

    def with_line(self, line: str) -> "KnownHosts":
        """The same with one more line."""
        return KnownHosts((*self.entries, *parse([line])))

    def _keys(self, host: str) -> list[HostKey]:
        return [entry.key for entry in self.entries if not entry.marker and entry.matches(host)]


def load(*paths: Path) -> KnownHosts:
    """Read the files that exist."""
    texts = [path.read_text(errors="replace") for path in paths if path.is_file()]
    return KnownHosts(tuple(entry for text in texts for entry in parse(text.splitlines())))


def parse(lines: Iterable[str]) -> list[Entry]:
    """The readable lines; comments and broken lines are skipped."""
    return [entry for entry in map(_entry, lines) if entry is not None]


def append(path: Path, lines: Iterable[str]) -> None:
    """Add lines at the end in one write (0600 when new); lines of others are never touched."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        unfinished = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        text = "".join(f"{line}\n" for line in lines)
        os.write(descriptor, (("\n" if unfinished else "") + text).encode())
    finally:
        os.close(descriptor)


def _entry(line: str) -> Entry | None:
    fields = line.split()
    marker = fields.pop(0) if fields and fields[0].startswith("@") else ""
    if len(fields) < 3 or fields[0].startswith("#"):
        return None
    names, kind, encoded = fields[:3]
    try:
        blob = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return None
    declared = len(kind).to_bytes(4, "big") + kind.encode()  # RFC 4253 6.6: a key's wire form begins with its type
    return Entry(marker, names, HostKey(kind, blob)) if blob.startswith(declared) else None


def _pattern(name: str) -> str:
    """OpenSSH knows only `*` and `?`; `[` is a letter there, as in `[10.0.0.1]:2222`."""
    return name.replace("[", "[[]")


def _hash_matches(hashed: str, host: str) -> bool:
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in hashed[3:].split("|"))
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(hmac.new(salt, host.lower().encode(), hashlib.sha1).digest(), digest)
