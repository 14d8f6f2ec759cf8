"""An addon's manifest without a bundle: from the cache, else from upstream's release or the place that is named."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

Fetch = Callable[[AddonFile], str]

_TIMEOUT_S = 15.0
_MOST_BYTES = 5_000_000


def fetching(place: str | None) -> Fetch:
    """How a run without a bundle gets manifests; `place` is cluster.mirrors.manifests, a URL or a folder."""
    return lambda addon: released(addon, place, user_cache_path("kboot") / "manifests")


def released(addon: AddonFile, place: str | None, cache: Path) -> str:
    """The manifest with the digest that addon.yaml pins, kept in `cache` under it: the next run reads no network.

    Raises KB1220 (exit 12 for another digest, else 3).
    """
    digest = addon.upstream.sha256
    kept = cache / f"{digest}.yaml"
    content = _read(kept)
    if content is not None and sha256(content).hexdigest() == digest:
        return content.decode()
    url = f"{place}/{addon.name}-{addon.version}.yaml" if place else addon.upstream.url
    content = _download(addon, url)
    if sha256(content).hexdigest() != digest:
        raise _another(addon, url, sha256(content).hexdigest())
    _keep(kept, content)
    return content.decode()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _download(addon: AddonFile, url: str) -> bytes:
    from urllib.request import urlopen  # noqa: PLC0415 - with a bundle, or from the cache, nothing is fetched

    try:
        if "://" not in url:
            return Path(url).read_bytes()
        with urlopen(url, timeout=_TIMEOUT_S) as reply:  # noqa: S310 - http and https by its type
            return bytes(reply.read(_MOST_BYTES))
    except OSError as error:
        raise KbootError(
            Code.MANIFEST_UNREACHABLE,
            f"the manifest of {addon.name} {addon.version} cannot be read",
            where=url,
            evidence=str(error),
            advice="name a place that has it (cluster.mirrors.manifests), or a bundle (cluster.bundle)",
            exit_code=ExitCode.INVALID_INPUT,
        ) from None


def _another(addon: AddonFile, url: str, found: str) -> KbootError:
    return KbootError(
        Code.MANIFEST_UNREACHABLE,
        f"this is not the manifest of {addon.name} {addon.version} that addon.yaml names",
        where=url,
        evidence=f"wanted sha256 {addon.upstream.sha256}\nfound         {found}",
        advice="look who changed it; a manifest of your own goes with an addon.yaml of your own (kboot explain KB1031)",
        exit_code=ExitCode.INTEGRITY,
    )


def _keep(path: Path, content: bytes) -> None:
    """In one step; a cache that cannot be written costs the next run its download, and no more."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
