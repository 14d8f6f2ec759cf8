"""Files streamed to a host."""

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bootstrap.transport import transfer
from bootstrap.transport.errors import HostLost, TransferFailed
from bootstrap.transport.ssh import Ssh
from tests.ssh.conftest import Connect
from tests.ssh.sshd import Sshd, User, run


@dataclass(frozen=True)
class Blob:
    """A file here and what is promised of it."""

    source: Path
    content: bytes

    def sent_by(self, host: Ssh, target: Path, *, sha256: str = "", progress: list[int] | None = None) -> None:
        host.put(
            self.source,
            str(target),
            size_bytes=len(self.content),
            sha256=sha256 or hashlib.sha256(self.content).hexdigest(),
            on_progress=None if progress is None else progress.append,
        )


@pytest.fixture
def blob(tmp_path: Path) -> Blob:
    content = bytes(range(256)) * 20_000 + b"\n\0kboot"
    (tmp_path / "blob").write_bytes(content)
    return Blob(tmp_path / "blob", content)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    yield folder
    run("umount", str(folder))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A path that only root can write, in folders that are not there yet."""
    return tmp_path / "deep er" / "er" / "it's a blob"


@pytest.fixture(params=["asked", "free"])
def host(request: pytest.FixtureRequest, sshd: Sshd, free_user: User, asked_user: User, connect: Connect) -> Ssh:
    return connect(sshd.with_password(asked_user) if request.param == "asked" else sshd.settings(free_user.name))


def test_every_byte_arrives_in_a_file_of_roots_own(host: Ssh, blob: Blob, target: Path) -> None:
    progress: list[int] = []
    blob.sent_by(host, target, progress=progress)
    found = target.stat()
    assert target.read_bytes() == blob.content
    assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o600, 0)
    assert progress[-1] == len(blob.content)
    assert os.listdir(target.parent) == [target.name]


def test_what_is_there_already_is_not_sent_again(host: Ssh, blob: Blob, target: Path) -> None:
    blob.sent_by(host, target)
    before = target.stat().st_ino
    progress: list[int] = []
    blob.sent_by(host, target, progress=progress)
    assert progress == []
    assert target.stat().st_ino == before


def test_another_content_there_is_replaced(host: Ssh, blob: Blob, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.write_text("old")
    blob.sent_by(host, target)
    assert target.read_bytes() == blob.content


def test_bytes_that_are_not_the_promised_ones_replace_nothing(host: Ssh, blob: Blob, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.write_text("old")
    with pytest.raises(TransferFailed) as caught:
        blob.sent_by(host, target, sha256="0" * 64)
    assert hashlib.sha256(blob.content).hexdigest() in caught.value.evidence
    assert os.listdir(target.parent) == [target.name]
    assert target.read_text() == "old"


def test_a_file_that_is_cut_here_is_not_sent(host: Ssh, blob: Blob, target: Path) -> None:
    os.truncate(blob.source, 100)
    with pytest.raises(TransferFailed, match="has 100 bytes here"):
        blob.sent_by(host, target)
    assert not target.exists()


def test_a_place_that_cannot_be_written_is_an_error_with_its_words(host: Ssh, blob: Blob) -> None:
    with pytest.raises(TransferFailed) as caught:
        blob.sent_by(host, Path("/proc/kboot/blob"))
    assert "cannot create directory" in caught.value.evidence


def test_a_full_disk_is_an_error_with_its_words(host: Ssh, blob: Blob, small_disk: Path) -> None:
    with pytest.raises(TransferFailed) as caught:
        blob.sent_by(host, small_disk / "blob")
    assert "No space left on device" in caught.value.evidence
    assert os.listdir(small_disk) == []


def test_a_slow_upload_that_goes_on_has_no_deadline(
    sshd: Sshd, free_user: User, connect: Connect, blob: Blob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_DIGEST_LIMIT_S", 1.0)
    monkeypatch.setattr(transfer, "_SLOWEST_BYTES_PER_S", 1 << 40)
    slow: list[int] = []
    target = blob.source.with_name("arrived")

    def on_progress(sent: int) -> None:
        slow.append(sent)
        time.sleep(0.1)

    connect(sshd.settings(free_user.name)).put(
        blob.source,
        str(target),
        size_bytes=len(blob.content),
        sha256=hashlib.sha256(blob.content).hexdigest(),
        on_progress=on_progress,
    )
    assert len(slow) * 0.1 > 1.0, "it took longer than the limit of either digest"
    assert target.read_bytes() == blob.content


def test_an_upload_cut_in_the_middle_leaves_nothing_of_that_name(
    sshd: Sshd, free_user: User, connect: Connect, blob: Blob, target: Path
) -> None:
    host = connect(sshd.settings(free_user.name))

    def cut(sent: int) -> None:
        if sent > 1_000_000:
            sshd.cut_connections()

    with pytest.raises(HostLost):
        host.put(
            blob.source,
            str(target),
            size_bytes=len(blob.content),
            sha256=hashlib.sha256(blob.content).hexdigest(),
            on_progress=cut,
        )
    assert not target.exists()
    blob.sent_by(host, target)
    assert target.read_bytes() == blob.content
