"""verify finds any altered, missing or extra byte."""

import os

import pytest

from bootstrap.bundle.bundle import Bundle
from bootstrap.bundle.verify import Finding, require_whole, sizes_match, verify
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from tests.unit.bundle.conftest import CONTENT

PATHS = sorted(CONTENT)


def _problems(bundle: Bundle) -> list[tuple[str, str]]:
    return [(found.problem, found.path) for found in verify(bundle)]


def test_a_whole_bundle_has_no_findings(whole: Bundle) -> None:
    assert verify(whole) == ()
    assert sizes_match(whole)


@pytest.mark.parametrize("path", PATHS)
def test_one_flipped_bit_is_found(whole: Bundle, path: str) -> None:
    content = bytearray((whole.folder / path).read_bytes())
    content[-1] ^= 1
    (whole.folder / path).write_bytes(content)
    assert _problems(whole) == [("altered", path)]


@pytest.mark.parametrize("path", PATHS)
def test_one_byte_more_is_found(whole: Bundle, path: str) -> None:
    with (whole.folder / path).open("ab") as stream:
        stream.write(b"\0")
    assert _problems(whole) == [("altered", path)]
    assert not sizes_match(whole)


@pytest.mark.parametrize("path", PATHS)
def test_a_missing_file_is_found(whole: Bundle, path: str) -> None:
    (whole.folder / path).unlink()
    assert verify(whole) == (Finding(path, "missing"),)
    assert not sizes_match(whole)


@pytest.mark.parametrize("path", ["extra", "apt/bookworm/other.deb", ".hidden", "new/folder/file"])
def test_an_extra_file_is_found(whole: Bundle, path: str) -> None:
    (whole.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (whole.folder / path).write_bytes(b"")
    assert _problems(whole) == [("extra", path)]
    assert not sizes_match(whole)


def test_a_link_to_the_right_bytes_is_still_missing(whole: Bundle) -> None:
    path = whole.folder / PATHS[0]
    path.rename(whole.folder.parent / "elsewhere")
    path.symlink_to(whole.folder.parent / "elsewhere")
    assert _problems(whole) == [("missing", PATHS[0])]


def test_an_extra_link_is_found_even_when_it_leads_nowhere(whole: Bundle) -> None:
    os.symlink("nowhere", whole.folder / "link")
    assert _problems(whole) == [("extra", "link")]


def test_a_run_refuses_an_altered_bundle_before_its_first_change(whole: Bundle) -> None:
    require_whole(whole)
    with (whole.folder / PATHS[0]).open("ab") as stream:
        stream.write(b"\0")
    with pytest.raises(KbootError) as told:
        require_whole(whole)
    assert (told.value.code, told.value.exit_code) == (Code.BUNDLE_ALTERED, ExitCode.INTEGRITY)
    assert PATHS[0] in told.value.evidence
