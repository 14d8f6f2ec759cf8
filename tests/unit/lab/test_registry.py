"""A bundle's images on their way into a registry."""

import hashlib
import io
import json
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bootstrap.lab import mirror, registry
from bootstrap.lab.registry import ensure_program, listens, push
from bootstrap.model.error import KbootError
from bootstrap.model.lock import BundleLock, LockedFile
from tests.unit.bundle.conftest import lock, locked
from tests.unit.programs import put

__all__ = ["lock"]

MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json"


class Shelf(ThreadingHTTPServer):
    """A registry as distribution-spec v1.1 has it, that keeps all in memory; `refuses` is a method that it refuses."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Clerk)
        self.kept: dict[str, bytes] = {}
        self.refuses = ""

    @property
    def address(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Clerk(BaseHTTPRequestHandler):
    server: Shelf

    def do_HEAD(self) -> None:
        self._answer(200 if self.path in self.server.kept else 404)

    def do_POST(self) -> None:
        self._answer(202, f"http://{self.server.address}{self.path}1?state=x")

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        path, _, query = self.path.partition("?")
        if query:
            path = f"{path.removesuffix('uploads/1')}{query.partition('digest=')[2]}"
        self.server.kept[path] = content
        self._answer(201)

    def _answer(self, status: int, location: str = "") -> None:
        self.send_response(507 if self.server.refuses == self.command else status)
        self.send_header("Location", location)
        self.end_headers()
        if self.server.refuses == self.command:
            self.wfile.write(b"no room")

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Shelf() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An OCI archive of one layer."""
    config, layer = b"{}", b"a layer"
    told = {
        "mediaType": MEDIA_TYPE,
        "config": {"digest": _digest(config), "size": len(config)},
        "layers": [{"digest": _digest(layer), "size": len(layer)}],
    }
    manifest = json.dumps(told).encode()
    index = json.dumps({"manifests": [{"digest": _digest(manifest)}]}).encode()
    blobs = {f"blobs/{_digest(one).replace(':', '/')}": one for one in (config, layer, manifest)}
    with tarfile.open(tmp_path / "pause.tar", "w") as tar:
        for name, content in ({"index.json": index} | blobs).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return tmp_path / "pause.tar"


@pytest.fixture
def image(archive: Path) -> LockedFile:
    digests = {"manifestDigest": "sha256:" + "a" * 64, "configDigest": "sha256:" + "b" * 64}
    names = {"reference": "registry.k8s.io/sub/pause:3.10.2", "standsInFor": ["registry.k8s.io/pause:3.9"]}
    return locked("images/pause.tar", archive.read_bytes(), kind="image", **names, **digests)


def test_an_image_is_there_under_its_own_name_and_the_one_for_which_it_stands_in(
    shelf: Shelf, archive: Path, image: LockedFile
) -> None:
    push(shelf.address, archive, image)
    manifests = {path for path in shelf.kept if "/manifests/" in path}
    assert manifests == {"/v2/sub/pause/manifests/3.10.2", "/v2/pause/manifests/3.9"}
    blobs = {path: content for path, content in shelf.kept.items() if "/blobs/" in path}
    assert sorted(blobs.values()) == [b"a layer", b"a layer", b"{}", b"{}"]
    assert all(path.endswith(_digest(content)) for path, content in blobs.items())


def test_a_blob_that_is_there_is_not_sent_again(shelf: Shelf, archive: Path, image: LockedFile) -> None:
    for repository in ("sub/pause", "pause"):
        for blob in (b"{}", b"a layer"):
            shelf.kept[f"/v2/{repository}/blobs/{_digest(blob)}"] = b"from before"
    push(shelf.address, archive, image)
    assert list(shelf.kept.values()).count(b"from before") == 4


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_the_registry_refuses_is_told_in_its_words(
    shelf: Shelf, archive: Path, image: LockedFile, method: str
) -> None:
    shelf.refuses = method
    with pytest.raises(OSError, match=rf"{method} /v2/sub/pause/.*507.*no room"):
        push(shelf.address, archive, image)


@pytest.mark.parametrize("folder", ["index.json", f"blobs/{_digest(b'a layer').replace(':', '/')}"])
def test_an_archive_with_a_folder_in_a_files_place_is_no_image(
    shelf: Shelf, archive: Path, image: LockedFile, folder: str
) -> None:
    odd = archive.with_name("odd.tar")
    with tarfile.open(archive) as whole, tarfile.open(odd, "w") as tar:
        for member in whole:
            content = whole.extractfile(member)
            member.type = tarfile.DIRTYPE if member.name == folder else member.type
            tar.addfile(member, None if member.isdir() else content)
    with pytest.raises(OSError, match="is no file in the archive"):
        push(shelf.address, odd, image)


def test_nothing_listens_where_no_registry_is(shelf: Shelf) -> None:
    assert listens(shelf.address)
    shelf.server_close()
    assert not listens(shelf.address)


def test_a_mirror_is_filled_with_the_images_alone(
    shelf: Shelf, archive: Path, image: LockedFile, lock: BundleLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = (*(file for file in lock.files if file.kind != "image"), image)
    bundle = archive.parent
    (bundle / "images").mkdir()
    archive.rename(bundle / image.path)
    (bundle / "bundle.yaml").write_text(lock.model_copy(update={"files": files}).to_yaml())
    monkeypatch.setattr(mirror, "IMAGES_ADDRESS", shelf.address)
    with subprocess.Popen(["sleep", "20"]) as running:
        mirror._fill(bundle, running)
        running.kill()
    assert "/v2/pause/manifests/3.9" in shelf.kept


def test_a_registry_that_ended_is_not_waited_for(
    shelf: Shelf, archive: Path, image: LockedFile, lock: BundleLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.server_close()
    bundle = archive.parent
    (bundle / "images").mkdir()
    archive.rename(bundle / image.path)
    (bundle / "bundle.yaml").write_text(lock.model_copy(update={"files": (image,)}).to_yaml())
    monkeypatch.setattr(mirror, "IMAGES_ADDRESS", shelf.address)
    with subprocess.Popen(["false"]) as ended:
        ended.wait()
        with pytest.raises(ConnectionRefusedError):
            mirror._fill(bundle, ended)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(registry, "user_cache_path", lambda _name: tmp_path / "cache")
    return tmp_path / "cache" / "lab" / "docker-registry"


@pytest.fixture
def archives(programs: Path, tmp_path: Path) -> Path:
    """apt-get, which knows a docker-registry once its lists were updated; where `updated` stands, they were."""
    package = tmp_path / "package"
    (package / "DEBIAN").mkdir(parents=True)
    (package / "DEBIAN" / "control").write_text(
        "Package: docker-registry\nVersion: 2.8\nArchitecture: all\nMaintainer: a <a@b.invalid>\nDescription: d\n"
    )
    (package / "usr/bin").mkdir(parents=True)
    (package / "usr/bin/docker-registry").write_text("a program")
    build = ["dpkg-deb", "--build", "--root-owner-group", str(package), str(tmp_path / "docker-registry_2.8_all.deb")]
    subprocess.run(build, check=True, capture_output=True, timeout=60)
    put(
        programs,
        "apt-get",
        f'[ "$1" = update ] && {{ touch {programs}/updated; exit; }}\n'
        f"[ -e {programs}/updated ] || {{ echo 'E: Unable to locate package' >&2; exit 100; }}\n"
        f'[ "$1 $2" = "download docker-registry" ] && cp {tmp_path}/*.deb .',
    )
    return programs


@pytest.mark.parametrize("lists", ["new", "old"])
def test_the_registrys_program_is_fetched_once_and_not_installed(cache: Path, archives: Path, lists: str) -> None:
    if lists == "new":
        (archives / "updated").touch()
    said: list[str] = []
    first, second = ensure_program(said.append), ensure_program(said.append)
    assert first == second == cache / "usr/bin/docker-registry"
    assert first.read_text() == "a program"
    assert len(said) == 1
    assert not list(cache.glob("*.deb"))


def test_what_a_killed_fetch_left_is_made_anew(cache: Path, archives: Path) -> None:
    for half in (cache, cache.with_suffix(".new")):
        half.mkdir(parents=True)
        (half / "half.deb").write_text("half")
    (archives / "updated").touch()
    assert ensure_program(lambda _line: None).read_text() == "a program"
    assert [path.name for path in cache.parent.iterdir()] == ["docker-registry"]
    assert [path.name for path in cache.iterdir()] == ["usr"]


def test_a_machine_whose_lists_have_no_registry_says_apts_words(cache: Path, programs: Path) -> None:
    put(programs, "apt-get", "echo 'E: Unable to locate package docker-registry' >&2; exit 100")
    with pytest.raises(KbootError) as failed:
        ensure_program(lambda _line: None)
    assert "Unable to locate package" in failed.value.evidence
    assert not cache.exists()
