"""No byte of a bundle can change unseen: not of its files, not of its lock, not of the signature over the lock."""

import random
import stat
from pathlib import Path

import pytest

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.make.lock_key import LockKey
from bootstrap.bundle.signature import SIGNATURE_NAME
from bootstrap.bundle.verify import verify
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from tests.unit.bundle.conftest import CONTENT

FLIPS_PER_FILE = 40


def _found(folder: Path) -> bool:
    try:
        return bool(verify(Bundle.open(folder)))
    except KbootError as error:
        return error.exit_code == ExitCode.INTEGRITY


def _refusal(folder: Path, key: str | None = None) -> tuple[Code, ExitCode]:
    with pytest.raises(KbootError) as caught:
        Bundle.open(folder, key)
    return caught.value.code, caught.value.exit_code


@pytest.mark.parametrize("name", [*CONTENT, LOCK_NAME, SIGNATURE_NAME])
def test_a_byte_that_flipped_anywhere_is_found(whole: Bundle, name: str) -> None:
    path = whole.folder / name
    original = path.read_bytes()
    drawn = random.Random(name)  # noqa: S311 - a draw that can be repeated
    for _ in range(FLIPS_PER_FILE):
        flipped = bytearray(original)
        flipped[drawn.randrange(len(original))] ^= 1 << drawn.randrange(8)
        path.write_bytes(flipped)
        assert _found(whole.folder), bytes(flipped)
    path.write_bytes(original)
    assert not _found(whole.folder)


def test_a_file_changed_together_with_its_digest_in_the_lock_is_refused(whole: Bundle) -> None:
    lock = whole.folder / LOCK_NAME
    lock.write_text(lock.read_text().replace("licence: Apache-2.0", "licence: MIT"))
    assert _refusal(whole.folder) == (Code.BUNDLE_FORGED, ExitCode.INTEGRITY)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"kboot bundle signature 1\n"])
def test_a_signature_that_is_none_is_refused(whole: Bundle, content: bytes) -> None:
    (whole.folder / SIGNATURE_NAME).write_bytes(content)
    assert _refusal(whole.folder) == (Code.BUNDLE_FORGED, ExitCode.INTEGRITY)


def test_a_bundle_without_a_signature_is_refused(whole: Bundle) -> None:
    (whole.folder / SIGNATURE_NAME).unlink()
    assert _refusal(whole.folder) == (Code.BUNDLE_UNSIGNED, ExitCode.INTEGRITY)


def test_a_bundle_signed_anew_by_a_stranger_is_told_by_its_key_alone(whole: Bundle, tmp_path: Path) -> None:
    makers = whole.signed_by
    assert Bundle.open(whole.folder, makers.upper()).signed_by == makers
    LockKey.at(tmp_path / "stranger").sign(whole.folder)
    assert verify(Bundle.open(whole.folder)) == ()
    assert _refusal(whole.folder, makers) == (Code.BUNDLE_KEY_DIFFERS, ExitCode.INTEGRITY)


def test_a_machine_keeps_its_key_to_itself_and_makes_it_once(tmp_path: Path) -> None:
    home = tmp_path / "key"
    assert LockKey.at(home).public == LockKey.at(home).public
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home, *home.iterdir())] == [0o700, 0o600]
