"""Image layers out of Debian packages: what kube-proxy and flannel start (nft, iptables), and a few shell words."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bootstrap.bundle.make.debfile import content_of
from bootstrap.bundle.make.tarball import Entry


@dataclass(frozen=True)
class DebianLayer:
    """Packages to unpack, paths to leave out, and links that maintainer scripts would have made."""

    name: str
    packages: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    licence: str = "GPL-2.0-or-later and others: /usr/share/doc/*/copyright in the image"


_IPTABLES_WORDS = tuple(f"ip{six}tables{word}" for six in ("", "6") for word in ("", "-save", "-restore"))

BUSYBOX = DebianLayer(
    "busybox",
    ("busybox-static",),
    tuple((f"bin/{word}", "busybox") for word in ("sh", "cp", "cat", "ls", "nc", "nslookup", "sleep", "wget")),
)
# The nft flavour: that is what Debian ≥ 10 and Ubuntu ≥ 20.10 use on the host, and both sides have to agree.
NETFILTER = DebianLayer(
    "netfilter",
    ("iptables", "nftables"),
    tuple((f"usr/sbin/{word}", "xtables-nft-multi") for word in _IPTABLES_WORDS),
)
_LEFT_OUT = ("usr/share/man/", "usr/share/locale/", "usr/share/lintian/", "usr/share/bug/", "usr/share/info/")
_LEFT_OUT_WITHIN = ("/gconv/", "/audit/", "ld.so.conf")


def entries_of(layer: DebianLayer, debs: Path, scratch: Path) -> list[Entry]:
    """What goes into the layer; files are unpacked below `scratch`, which the caller removes."""
    found = [entry for deb in sorted(debs.glob("*.deb")) for entry in _unpacked(deb, scratch)]
    return [*found, *(Entry(path, link=target) for path, target in layer.links)]


def _unpacked(deb: Path, scratch: Path) -> Iterator[Entry]:
    with content_of(deb) as tar:
        for member in tar:
            path = member.name.removeprefix("./")
            if member.isdir() or not _kept(path):
                continue
            yield _entry(tar, member, path, scratch)


def _entry(tar: tarfile.TarFile, member: tarfile.TarInfo, path: str, scratch: Path) -> Entry:
    if member.issym():
        return Entry(path, link=member.linkname)
    # A hard link of a package points at a file that was unpacked just before.
    origin = scratch / (member.linkname.removeprefix("./") if member.islnk() else path)
    stream = None if member.islnk() else tar.extractfile(member)
    if stream:
        origin.parent.mkdir(parents=True, exist_ok=True)
        origin.write_bytes(stream.read())
    return Entry(path, member.mode & 0o755, origin)


def _kept(path: str) -> bool:
    if path.startswith("usr/share/doc/"):
        return path.endswith("/copyright")
    return not path.startswith(_LEFT_OUT) and not any(part in path for part in _LEFT_OUT_WITHIN)
