"""OCI images as tar archives that containerd imports.

Source: OCI image-spec v1.1 (image-layout.md, manifest.md, config.md); `io.containerd.image.name` is the annotation
from which `ctr images import` takes the whole name (containerd core/images/archive).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap.bundle.make.command import output_of
from bootstrap.bundle.make.tarball import Entry, write_tar
from bootstrap.model.digest import file_sha256

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_INDEX = "application/vnd.oci.image.index.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar+zstd"
_ZSTD_LEVEL = "-9"


@dataclass(frozen=True)
class Layer:
    """A compressed layer on disk. Hex sha256: `diff_id` of the plain tar, `digest` of the compressed one."""

    path: Path
    digest: str
    diff_id: str

    @property
    def descriptor(self) -> dict[str, Any]:
        """How a manifest names it."""
        return _descriptor(_LAYER, self.digest, self.path.stat().st_size)


@dataclass(frozen=True)
class Start:
    """How a container of the image starts when its pod does not say."""

    entrypoint: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    user: str = ""
    path: str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Written:
    """Digests of an archive just written, each with its `sha256:`."""

    manifest_digest: str
    config_digest: str


def make_layer(out: Path, entries: Iterable[Entry]) -> Layer:
    """Write `layer.tar.zst` and `layer.json` into the folder `out`."""
    plain, packed = out / "layer.tar", out / "layer.tar.zst"
    write_tar(plain, entries)
    diff_id = file_sha256(plain)
    output_of(["zstd", "-q", "-T0", _ZSTD_LEVEL, "--rm", str(plain), "-o", str(packed)], timeout_s=600)
    layer = Layer(packed, file_sha256(packed), diff_id)
    (out / "layer.json").write_text(json.dumps({"digest": layer.digest, "diffId": layer.diff_id}))
    return layer


def read_layer(folder: Path) -> Layer:
    """The layer that `make_layer` left in a folder."""
    told = json.loads((folder / "layer.json").read_text())
    return Layer(folder / "layer.tar.zst", told["digest"], told["diffId"])


def write_archive(out: Path, layers: Sequence[Layer], start: Start, architecture: str, reference: str) -> Written:
    """Write an OCI archive of one image for linux/`architecture`, known as `reference` after import."""
    config = _json(_config(layers, start, architecture))
    manifest = _json(_manifest(layers, config))
    blobs = [_blob(config), _blob(manifest), *(Entry(_at(layer.digest), 0o644, layer.path) for layer in layers)]
    write_tar(
        out,
        [
            Entry("oci-layout", 0o644, text=_json({"imageLayoutVersion": "1.0.0"})),
            Entry("index.json", 0o644, text=_json(_index(manifest, architecture, reference))),
            *blobs,
        ],
    )
    return Written(f"sha256:{_sha256(manifest)}", f"sha256:{_sha256(config)}")


def _config(layers: Sequence[Layer], start: Start, architecture: str) -> dict[str, Any]:
    running = {
        "User": start.user,
        "Env": [f"PATH={start.path}"],
        "Entrypoint": list(start.entrypoint),
        "Cmd": list(start.arguments),
        "WorkingDir": "/",
    }
    return {
        "created": "1970-01-01T00:00:00Z",
        "architecture": architecture,
        "os": "linux",
        "config": {key: value for key, value in running.items() if value},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.diff_id}" for layer in layers]},
        "history": [{"created_by": "kboot bundle build"} for _ in layers],
    }


def _manifest(layers: Sequence[Layer], config: bytes) -> dict[str, Any]:
    return {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _descriptor(_CONFIG, _sha256(config), len(config)),
        "layers": [layer.descriptor for layer in layers],
    }


def _index(manifest: bytes, architecture: str, reference: str) -> dict[str, Any]:
    entry = {
        **_descriptor(_MANIFEST, _sha256(manifest), len(manifest)),
        "platform": {"architecture": architecture, "os": "linux"},
        "annotations": {
            "io.containerd.image.name": reference,
            "org.opencontainers.image.ref.name": reference.rsplit(":", 1)[1],
        },
    }
    return {"schemaVersion": 2, "mediaType": _INDEX, "manifests": [entry]}


def _descriptor(media_type: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": size}


def _blob(content: bytes) -> Entry:
    return Entry(_at(_sha256(content)), 0o644, text=content)


def _at(digest: str) -> str:
    return f"blobs/sha256/{digest}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
