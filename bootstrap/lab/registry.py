"""A real image registry for a lab, and a bundle's images pushed into it.

Sources: Debian's docker-registry (distribution.github.io/distribution, 2.8), OCI distribution-spec v1.1 ("Pushing").
"""

import http.client
import json
import tarfile
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from platformdirs import user_cache_path

from bootstrap.lab.command import run, succeeds
from bootstrap.lab.machine import Say

if TYPE_CHECKING:
    from bootstrap.model.lock import LockedFile

PACKAGE = "docker-registry"
_CONFIG = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {data}}}}}
http: {{addr: "{address}"}}
"""
_FETCH_S, _PUSH_S = 300, 60


def ensure_program(say: Say) -> Path:
    """Debian's registry, fetched and unpacked and not installed: its package would start a service on this machine."""
    folder = user_cache_path("kboot") / "lab" / PACKAGE
    program = folder / "usr" / "bin" / PACKAGE
    if program.exists():
        return program
    say(f"fetching {PACKAGE} from this machine's package lists (it is not installed)")
    fresh = folder.with_suffix(".new")
    run(["rm", "-rf", str(fresh)])
    fresh.mkdir(parents=True)
    if not succeeds(["apt-get", "download", PACKAGE], cwd=fresh, timeout_s=_FETCH_S):
        run(["apt-get", "update"], timeout_s=_FETCH_S)
        run(["apt-get", "download", PACKAGE], cwd=fresh, timeout_s=_FETCH_S)
    for deb in fresh.glob("*.deb"):
        run(["dpkg-deb", "--extract", str(deb), str(fresh)], timeout_s=_FETCH_S)
        deb.unlink()
    run(["rm", "-rf", str(folder)])
    fresh.rename(folder)
    return program


def configuration(data: Path, address: str) -> str:
    """config.yml of a registry that keeps its blobs in `data` and listens on `address`."""
    return _CONFIG.format(data=data, address=address)


def listens(address: str) -> bool:
    """Whether a registry answers at host:port, now."""
    try:
        _status(address, "/v2/")
    except OSError:
        return False
    return True


def push(address: str, archive: Path, image: "LockedFile") -> None:
    """Push an OCI archive under its own name, and the one for which it stands in, both without their registry's host.

    Raises OSError when the registry does not take it.
    """
    names = [name for name in (image.reference, *image.stands_in_for) if name]
    with tarfile.open(archive) as tar:
        manifest = _blob(tar, json.loads(_blob(tar, "index.json"))["manifests"][0]["digest"])
        told = json.loads(manifest)
        for reference in names:
            repository, _, tag = reference.partition("/")[2].rpartition(":")
            for blob in (told["config"], *told["layers"]):
                _push_blob(address, repository, tar, blob["digest"], blob["size"])
            headers = {"Content-Type": told["mediaType"]}
            _ask(address, "PUT", f"/v2/{repository}/manifests/{tag}", manifest, headers, expected=201)


def _push_blob(address: str, repository: str, tar: tarfile.TarFile, digest: str, size: int) -> None:
    if _status(address, f"/v2/{repository}/blobs/{digest}") == 200:
        return
    begun = _ask(address, "POST", f"/v2/{repository}/blobs/uploads/", b"", {}, expected=202)
    place = urlsplit(begun)
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
    content = tar.extractfile(_member(digest))
    if content is None:
        raise OSError(f"{digest} is no file in the archive")
    _ask(address, "PUT", f"{place.path}?{place.query}&digest={digest}", content, headers, expected=201)


def _blob(tar: tarfile.TarFile, name: str) -> bytes:
    content = tar.extractfile(_member(name))
    if content is None:
        raise OSError(f"{name} is no file in the archive")
    return content.read()


def _member(name: str) -> str:
    return f"blobs/{name.replace(':', '/')}" if ":" in name else name


def _status(address: str, path: str) -> int:
    connection = http.client.HTTPConnection(address, timeout=_PUSH_S)
    try:
        connection.request("HEAD", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _ask(
    address: str, method: str, path: str, body: bytes | IO[bytes], headers: dict[str, str], *, expected: int
) -> str:
    """The Location that the registry answers with."""
    connection = http.client.HTTPConnection(address, timeout=_PUSH_S)
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        told = reply.read(500)
        if reply.status != expected:
            raise OSError(f"{method} {path}: {reply.status} {told!r}")
        return reply.headers.get("Location", "")
    finally:
        connection.close()
