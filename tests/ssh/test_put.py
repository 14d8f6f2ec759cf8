"""Files streamed to a host."""

import hashlib
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bootstrap.transport import transfer
from bootstrap.transport.errors import HostLost, TransferFailed
from bootstrap.transport.ssh import Ssh
from bootstrap.transport.transfer import PIECE_BYTES
from tests.fake_host import wait_until
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
def big(tmp_path: Path) -> Blob:
    """Of several pieces, and of no pattern that could be mistaken for another part of it."""
    content = os.urandom(5 * PIECE_BYTES + 7)
    (tmp_path / "big").write_bytes(content)
    return Blob(tmp_path / "big", content)


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
    monkeypatch.setattr(transfer, "_DIGEST_LIMIT_S", 3.0)
    monkeypatch.setattr(transfer, "_SLOWEST_BYTES_PER_S", 1 << 40)
    slow: list[int] = []
    target = blob.source.with_name("arrived")

    def on_progress(sent: int) -> None:
        slow.append(sent)
        time.sleep(0.2)

    connect(sshd.settings(free_user.name)).put(
        blob.source,
        str(target),
        size_bytes=len(blob.content),
        sha256=hashlib.sha256(blob.content).hexdigest(),
        on_progress=on_progress,
    )
    assert len(slow) * 0.2 > 3.0, "it took longer than the limit of either digest"
    assert target.read_bytes() == blob.content


def test_an_upload_cut_in_the_middle_goes_on_where_it_was(
    sshd: Sshd, free_user: User, connect: Connect, big: Blob, target: Path
) -> None:
    host = connect(sshd.settings(free_user.name))

    def cut(sent: int) -> None:
        if sent > len(big.content) // 2:
            sshd.cut_connections()

    with pytest.raises(HostLost):
        host.put(
            big.source,
            str(target),
            size_bytes=len(big.content),
            sha256=hashlib.sha256(big.content).hexdigest(),
            on_progress=cut,
        )
    assert not target.exists()
    assert _only_the_rest_travels(sshd, free_user, connect, big, target) > PIECE_BYTES


def test_an_upload_of_a_kboot_that_was_killed_goes_on_where_it_was(
    sshd: Sshd, free_user: User, connect: Connect, big: Blob, target: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", _PUT_SLOWLY, *_words(sshd, free_user, big, target)]) as kboot:
        wait_until(lambda: _size(_part(target)) > len(big.content) // 3, timeout_s=30)
        kboot.kill()
    assert _only_the_rest_travels(sshd, free_user, connect, big, target) > PIECE_BYTES


def test_a_tail_that_a_power_cut_has_torn_travels_again_and_nothing_else(
    sshd: Sshd, free_user: User, connect: Connect, big: Blob, target: Path
) -> None:
    target.parent.mkdir(parents=True)
    _part(target).write_bytes(big.content[: 2 * PIECE_BYTES] + bytes(PIECE_BYTES))
    assert _only_the_rest_travels(sshd, free_user, connect, big, target) == 2 * PIECE_BYTES


def _only_the_rest_travels(sshd: Sshd, user: User, connect: Connect, blob: Blob, target: Path) -> int:
    """Send it again; what was kept. The server counts the bytes that came in, the login's and the keepalive's too."""
    sshd.clear_log()
    host, progress = connect(sshd.settings(user.name)), list[int]()
    blob.sent_by(host, target, progress=progress)
    host.close()
    wait_until(lambda: _RECEIVED.search(sshd.log) is not None)
    came = int(_RECEIVED.findall(sshd.log)[-1])
    missing = len(blob.content) - progress[0]
    assert missing <= came < missing * 1.02 + 50_000
    assert target.read_bytes() == blob.content
    assert os.listdir(target.parent) == [target.name]
    return progress[0]


_RECEIVED = re.compile(r"Transferred: sent \d+, received (\d+) bytes")
_PUT_SLOWLY = """
import hashlib, pathlib, sys, time
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh import Ssh
port, user, key, known, source, target = sys.argv[1:]
key, known, source = map(pathlib.Path, (key, known, source))
settings = SshSettings("127.0.0.1", port=int(port), user=user, key_path=key, known_hosts_path=known)
size, sha256 = source.stat().st_size, hashlib.sha256(source.read_bytes()).hexdigest()
Ssh("w1", settings).put(source, target, size_bytes=size, sha256=sha256, on_progress=lambda _: time.sleep(0.02))
"""


def _words(sshd: Sshd, user: User, blob: Blob, target: Path) -> tuple[str, ...]:
    return tuple(map(str, (sshd.port, user.name, sshd.client_key, sshd.known_hosts, blob.source, target)))


def _part(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
