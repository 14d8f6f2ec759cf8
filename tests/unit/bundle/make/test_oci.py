"""An image archive is what the OCI image layout says, and the same every time."""

import hashlib
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bootstrap.bundle.make.oci import Start, Written, make_layer, read_layer, write_archive
from bootstrap.bundle.make.tarball import Entry

REFERENCE = "registry.k8s.io/pause:3.10.2"
pytestmark = pytest.mark.skipif(not shutil.which("zstd"), reason="zstd is not installed")


def _archive(folder: Path) -> tuple[Path, Written]:
    folder.mkdir()
    layer = make_layer(folder, [Entry("pause", text=b"program")])
    start = Start(("/pause",), user="65535:65535")
    return folder / "image.tar", write_archive(folder / "image.tar", [layer], start, "amd64", REFERENCE)


def _files(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {member.name: (tar.extractfile(member) or tar).read() for member in tar if member.isfile()}  # type: ignore[union-attr]


def _blob(files: dict[str, bytes], descriptor: dict[str, Any]) -> bytes:
    content = files["blobs/" + descriptor["digest"].replace(":", "/")]
    assert len(content) == descriptor["size"]
    return content


def test_two_writings_are_equal(tmp_path: Path) -> None:
    assert _archive(tmp_path / "one")[0].read_bytes() == _archive(tmp_path / "two")[0].read_bytes()


def test_every_blob_has_the_name_of_its_digest(tmp_path: Path) -> None:
    blobs = {name: content for name, content in _files(_archive(tmp_path / "one")[0]).items() if "blobs/" in name}
    assert len(blobs) == 3
    assert all(name == f"blobs/sha256/{hashlib.sha256(content).hexdigest()}" for name, content in blobs.items())


def test_the_index_leads_to_manifest_config_and_layer(tmp_path: Path) -> None:
    archive, written = _archive(tmp_path / "one")
    files = _files(archive)
    (entry,) = json.loads(files["index.json"])["manifests"]
    manifest = json.loads(_blob(files, entry))
    config = json.loads(_blob(files, manifest["config"]))
    assert (entry["digest"], manifest["config"]["digest"]) == (written.manifest_digest, written.config_digest)
    assert [_blob(files, layer)[:4] for layer in manifest["layers"]] == [b"\x28\xb5\x2f\xfd"]
    assert (config["os"], config["architecture"]) == ("linux", "amd64")
    assert config["config"] == {
        "Entrypoint": ["/pause"],
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        "User": "65535:65535",
        "WorkingDir": "/",
    }


def test_containerd_finds_the_whole_name_in_the_index(tmp_path: Path) -> None:
    (entry,) = json.loads(_files(_archive(tmp_path / "one")[0])["index.json"])["manifests"]
    assert entry["annotations"]["io.containerd.image.name"] == REFERENCE
    assert entry["annotations"]["org.opencontainers.image.ref.name"] == "3.10.2"


def test_a_layer_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    made = make_layer(tmp_path, [Entry("a", text=b"x")])
    assert read_layer(tmp_path) == made
    assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.digest
