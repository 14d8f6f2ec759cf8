"""The script that takes a file, run by the real /bin/sh: what stays of a broken link, and what of it is believed."""

import hashlib
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bootstrap.transport import transfer
from bootstrap.transport.frame import framed
from bootstrap.transport.transfer import Upload, kept_bytes, script_for
from tests.fake_host import wait_until

PIECE_BYTES = 1 << 20  # dd's block in the script; the real one is a few of it
CONTENT = os.urandom(3 * PIECE_BYTES + 12_345)


@pytest.fixture
def upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Upload:
    assert transfer.PIECE_BYTES % PIECE_BYTES == 0
    monkeypatch.setattr(transfer, "PIECE_BYTES", PIECE_BYTES)
    source = tmp_path / "here"
    source.write_bytes(CONTENT)
    place = str(tmp_path / "there" / "image.tar")
    return Upload(source, place, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


class Taking:
    """A shell that runs the script, and the operator's side of it."""

    def __init__(self, shell: "subprocess.Popen[bytes]", upload: Upload) -> None:
        assert shell.stdin
        assert shell.stdout
        self.shell, self.input, self.output, self.upload = shell, shell.stdin, shell.stdout, upload
        self.input.write(framed(script_for(upload), root=False, stdin="stream").program)
        self.input.flush()
        lines: list[bytes] = []
        while not lines or lines[-1] not in {b"send\n", b"present\n", b""}:
            lines.append(self.output.readline())
        self.told = b"".join(lines[2:])  # after the mark, which has a line of its own

    @property
    def kept(self) -> int:
        return kept_bytes(self.upload.source, self.told)

    def send(self, until: int | None = None) -> None:
        """What travels: from what is kept up to `until`, and no further."""
        self.input.write(b"%d\n" % self.kept + CONTENT[self.kept : until])
        self.input.flush()

    def break_off(self) -> int:
        self.output.close()
        self.input.close()
        return self.shell.wait(timeout=60)


@contextmanager
def taking(upload: Upload) -> Iterator[Taking]:
    pipe = subprocess.PIPE
    with subprocess.Popen(["sh", "-s"], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as shell:
        yield Taking(shell, upload)
        if not shell.stdin.closed:  # type: ignore[union-attr]
            shell.communicate(timeout=60)


def whole(upload: Upload) -> bool:
    return Path(upload.path).read_bytes() == CONTENT and os.listdir(Path(upload.path).parent) == ["image.tar"]


def part(upload: Upload) -> Path:
    return Path(f"{upload.path}.part")


def test_half_a_file_stays_when_the_link_breaks_and_only_the_rest_travels(upload: Upload) -> None:
    with taking(upload) as first:
        assert first.told == b"send\n"
        first.send(until=2 * PIECE_BYTES + 5)
        assert first.break_off() != 0
    assert part(upload).stat().st_size == 2 * PIECE_BYTES + 5
    assert not Path(upload.path).exists()
    with taking(upload) as second:
        assert second.kept == 2 * PIECE_BYTES + 5
        second.send()
    assert whole(upload)
    with taking(upload) as third:
        assert third.told == b"present\n"


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        (CONTENT[: 2 * PIECE_BYTES] + bytes(PIECE_BYTES), 2 * PIECE_BYTES),
        (bytes(100), 0),
        (CONTENT + b"more", 3 * PIECE_BYTES),
        (CONTENT, len(CONTENT)),
        (b"", 0),
    ],
    ids=["a torn tail", "no byte of it", "longer than the file", "all of it", "nothing"],
)
def test_only_what_is_the_files_own_is_kept(upload: Upload, left: bytes, kept: int) -> None:
    part(upload).parent.mkdir()
    part(upload).write_bytes(left)
    with taking(upload) as again:
        assert again.kept == kept
        again.send()
    assert whole(upload)


def test_a_writer_whose_link_broke_unseen_is_ended_and_not_waited_for(upload: Upload) -> None:
    with taking(upload) as dead:
        dead.send(until=PIECE_BYTES)
        _until_size(part(upload), PIECE_BYTES)
        with taking(upload) as living:
            assert living.kept == PIECE_BYTES
            living.send()
        assert whole(upload)
        dead.break_off()
    assert whole(upload), "and what it still does spoils nothing"


def test_a_link_in_place_of_the_part_is_not_written_through(upload: Upload, tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"untouched")
    part(upload).parent.mkdir()
    part(upload).symlink_to(tmp_path / "victim")
    with taking(upload) as taken:
        taken.send()
    assert whole(upload)
    assert (tmp_path / "victim").read_bytes() == b"untouched"


def test_other_bytes_than_the_promised_ones_do_not_stay(upload: Upload) -> None:
    with taking(upload) as taken:
        taken.input.write(b"0\n" + bytes(len(CONTENT)))
        taken.input.flush()
    assert os.listdir(part(upload).parent) == []


def test_a_shell_that_is_hung_up_on_leaves_what_came(upload: Upload) -> None:
    with taking(upload) as taken:
        taken.send(until=PIECE_BYTES)
        _until_size(part(upload), PIECE_BYTES)
        taken.shell.send_signal(signal.SIGHUP)
        taken.break_off()
    assert part(upload).stat().st_size == PIECE_BYTES


def _until_size(path: Path, size: int) -> None:
    wait_until(lambda: path.exists() and path.stat().st_size >= size)
