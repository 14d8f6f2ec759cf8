"""A bundle hands out only what its lock names, byte for byte."""

import hashlib
from pathlib import Path

import pytest

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.make.lock_key import LockKey
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from tests.unit.bundle.conftest import CONTENT

IMAGE = "images/pause-3.10.2.tar"
IMAGE_SHA256 = hashlib.sha256(CONTENT[IMAGE]).hexdigest()


def test_a_blob_is_found_by_its_digest(whole: Bundle) -> None:
    assert whole.open_blob(IMAGE_SHA256) == whole.folder / IMAGE


def test_an_altered_blob_is_refused_before_anyone_gets_it(whole: Bundle) -> None:
    (whole.folder / IMAGE).write_bytes(b"an imagE")
    with pytest.raises(KbootError) as caught:
        whole.open_blob(IMAGE_SHA256)
    assert (caught.value.code, caught.value.exit_code) == (Code.BUNDLE_ALTERED, ExitCode.INTEGRITY)


def test_a_blob_that_no_lock_names_is_refused(whole: Bundle) -> None:
    with pytest.raises(KbootError) as caught:
        whole.open_blob("0" * 64)
    assert caught.value.code == Code.BUNDLE_LACKS


def test_a_folder_without_a_lock_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(KbootError) as caught:
        Bundle.open(tmp_path)
    assert caught.value.code == Code.BUNDLE_MISSING


@pytest.mark.parametrize("text", ["", "{", "kind: Bundle\n", "\xff"])
def test_a_signed_text_that_is_no_lock_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK_NAME).write_text(text, encoding="latin-1")
    LockKey.at(tmp_path.parent / "key").sign(tmp_path)
    with pytest.raises(KbootError) as caught:
        Bundle.open(tmp_path)
    assert (caught.value.code, caught.value.exit_code) == (Code.BUNDLE_LOCK_INVALID, ExitCode.INTEGRITY)
