"""A manifest that is fetched: from a folder or a URL, kept by its digest, refused when it is another."""

from hashlib import sha256
from pathlib import Path

import pytest

from bootstrap.load.addon import load_addon_file
from bootstrap.load.released import released
from bootstrap.model.addon import AddonFile
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

from .test_addon import MANIFEST, folder


def addon(tmp_path: Path, manifest: str = MANIFEST) -> AddonFile:
    file = load_addon_file(folder(tmp_path))[1]
    pinned = file.upstream.model_copy(update={"sha256": sha256(manifest.encode()).hexdigest()})
    return file.model_copy(update={"upstream": pinned})


def test_it_is_read_once_and_then_kept(tmp_path: Path) -> None:
    wanted = addon(tmp_path)
    place = tmp_path / "place"
    place.mkdir()
    there = place / f"{wanted.name}-{wanted.version}.yaml"
    there.write_text(MANIFEST)
    assert released(wanted, str(place), tmp_path / "cache") == MANIFEST
    there.unlink()
    assert released(wanted, str(place), tmp_path / "cache") == MANIFEST


def test_one_of_another_digest_is_refused_and_not_kept(tmp_path: Path) -> None:
    wanted = addon(tmp_path)
    (tmp_path / f"{wanted.name}-{wanted.version}.yaml").write_text(MANIFEST + "# altered\n")
    with pytest.raises(KbootError, match=r"this is not the manifest of") as caught:
        released(wanted, str(tmp_path), tmp_path / "cache")
    assert (caught.value.code, caught.value.exit_code) == ("KB1220", ExitCode.INTEGRITY)
    assert not (tmp_path / "cache").exists()


def test_a_kept_one_that_was_cut_is_fetched_again(tmp_path: Path) -> None:
    wanted = addon(tmp_path)
    (tmp_path / f"{wanted.name}-{wanted.version}.yaml").write_text(MANIFEST)
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / f"{wanted.upstream.sha256}.yaml").write_text(MANIFEST[:20])
    assert released(wanted, str(tmp_path), cache) == MANIFEST


@pytest.mark.parametrize("place", ["http://127.0.0.1:9", "/nowhere"])
def test_a_place_that_does_not_have_it_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(KbootError) as caught:
        released(addon(tmp_path), place, tmp_path / "cache")
    assert (caught.value.code, caught.value.exit_code) == ("KB1220", ExitCode.INVALID_INPUT)
    assert caught.value.where.startswith(place)
    assert "cluster.mirrors.manifests" in caught.value.advice
