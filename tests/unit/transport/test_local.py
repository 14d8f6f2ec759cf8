"""The operator's own machine."""

import hashlib
import os
from pathlib import Path

import pytest

from bootstrap.transport.errors import HostTimeout, TransferFailed
from bootstrap.transport.local import Local
from tests.fake_host import wait_until
from tests.unit.programs import runs


def test_outputs_and_exit_code_come_back() -> None:
    seen: list[str] = []
    done = Local().run("printf out; echo err >&2; cat; umask; exit 5", timeout_s=10, on_stderr=seen.append)
    assert (done.exit_code, done.text, done.stderr, seen) == (5, "out0077\n", "err\n", ["err"])


def test_the_operators_path_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"] + ":/opt/mine")
    assert Local().run('echo "$PATH"', timeout_s=10).text.endswith(":/opt/mine\n")


def test_much_output_and_a_long_script_do_not_block() -> None:
    script = "\n".join(f": {'x' * 90} {number}" for number in range(5000))
    done = Local().run(f"head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2\n{script}", timeout_s=30)
    assert (len(done.stdout), len(done.stderr)) == (1_000_000, 1_000_000)


def test_a_deadline_kills_what_was_started(tmp_path: Path) -> None:
    started = tmp_path / "started"
    with pytest.raises(HostTimeout) as caught:
        Local().run(f"sh -c 'echo $$ >{started}; exec sleep 60' & echo slow >&2; sleep 60", timeout_s=0.5)
    child = started.read_text().strip()
    wait_until(lambda: not runs(child), timeout_s=30)
    assert caught.value.evidence == "slow"


def test_a_file_is_put_privately_and_once(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "new" / "target"
    source.write_bytes(b"content")
    digest = hashlib.sha256(b"content").hexdigest()
    progress: list[int] = []
    for _ in range(2):
        Local().put(source, str(target), size_bytes=7, sha256=digest, on_progress=progress.append)
    assert (target.read_bytes(), target.stat().st_mode & 0o777, progress) == (b"content", 0o600, [7])


def test_a_file_with_another_digest_replaces_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"content")
    target.write_text("old")
    with pytest.raises(TransferFailed):
        Local().put(source, str(target), size_bytes=7, sha256="0" * 64)
    assert (target.read_text(), sorted(os.listdir(tmp_path))) == ("old", ["source", "target"])
