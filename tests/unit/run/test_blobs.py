"""Which files travel how, and which a host already has (by a real shell)."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.model.action import PutBlob
from bootstrap.run.acting import staged
from bootstrap.run.blobs import OpenedOnce, carriable, needed_of, needing
from bootstrap.run.parallel import in_parallel
from bootstrap.transport.local import Local


def blob(path: Path, content: bytes) -> PutBlob:
    return PutBlob(hashlib.sha256(content).hexdigest(), len(content), str(path))


def needed(*blobs: PutBlob) -> tuple[PutBlob, ...]:
    return needed_of(blobs, Local().run(needing(blobs), timeout_s=20).text)


def test_a_missing_file_is_needed_and_its_folder_made(tmp_path: Path) -> None:
    one = blob(tmp_path / "a folder" / "image.tar", b"x")
    assert needed(one) == (one,)
    assert (tmp_path / "a folder").is_dir()


def test_the_right_file_in_its_place_is_not_sent_again(tmp_path: Path) -> None:
    one = blob(tmp_path / "image.tar", b"bytes")
    (tmp_path / "image.tar").write_bytes(b"bytes")
    assert needed(one) == ()


def test_another_file_of_the_same_size_is_replaced(tmp_path: Path) -> None:
    one = blob(tmp_path / "image.tar", b"bytes")
    (tmp_path / "image.tar").write_bytes(b"BYTES")
    assert needed(one) == (one,)


def test_bytes_that_wait_beside_their_place_are_not_sent_again(tmp_path: Path) -> None:
    one = blob(tmp_path / "image.tar", b"bytes")
    Path(staged(one)).write_bytes(b"bytes")
    assert needed(one) == ()


def source(tmp_path: Path, contents: dict[str, bytes]) -> Callable[[str], Path]:
    for digest, content in contents.items():
        (tmp_path / digest).write_bytes(content)
    return lambda digest: tmp_path / digest


def test_small_files_travel_with_the_act_and_big_ones_do_not(tmp_path: Path) -> None:
    contents = {hashlib.sha256(one).hexdigest(): one for one in (b"small", b"b" * 600_000)}
    blobs = [PutBlob(digest, len(one), f"/x/{digest}") for digest, one in contents.items()]
    assert list(carriable(blobs, source(tmp_path, contents)).values()) == [b"small"]


def test_one_act_carries_only_so_much(tmp_path: Path) -> None:
    contents = {hashlib.sha256(one).hexdigest(): one for one in (bytes([n]) * 500_000 for n in range(20))}
    blobs = [PutBlob(digest, len(one), f"/x/{digest}") for digest, one in contents.items()]
    carried = carriable(blobs, source(tmp_path, contents))
    assert 0 < sum(map(len, carried.values())) <= 4 * 1024 * 1024


def test_a_file_is_opened_once_a_run_however_many_hosts_want_it_at_once(tmp_path: Path) -> None:
    opened: list[str] = []

    def slowly(digest: str) -> Path:
        opened.append(digest)
        time.sleep(0.05)
        return tmp_path / digest

    open_blob, found = OpenedOnce(slowly), list[Path]()
    in_parallel([lambda: found.append(open_blob("abc")) for _ in range(50)])
    assert opened == ["abc"]
    assert found == [tmp_path / "abc"] * 50


def test_a_file_that_could_not_be_opened_is_tried_again(tmp_path: Path) -> None:
    failures = [LookupError("altered")]

    def once_failing(digest: str) -> Path:
        if failures:
            raise failures.pop()
        return tmp_path / digest

    open_blob = OpenedOnce(once_failing)
    with pytest.raises(LookupError):
        open_blob("abc")
    assert open_blob("abc") == tmp_path / "abc"
