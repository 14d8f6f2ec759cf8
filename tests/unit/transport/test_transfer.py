"""The script that takes a file, run by the real /bin/sh: what stays when the link breaks."""

import shlex
import subprocess
from pathlib import Path

from bootstrap.transport import transfer
from bootstrap.transport.frame import framed


def test_half_a_file_goes_when_the_link_breaks(tmp_path: Path) -> None:
    """Its complaint, that what arrived is not the promised file, finds nobody who listens: SIGPIPE."""
    script = transfer._SCRIPT.format(path=shlex.quote(str(tmp_path / "image.tar")), want="0" * 64)
    pipe = subprocess.PIPE
    with subprocess.Popen(["sh", "-s"], stdin=pipe, stdout=pipe, stderr=pipe) as shell:
        assert shell.stdin
        assert shell.stdout
        assert shell.stderr
        shell.stdin.write(framed(script, root=False, stdin="stream").program)
        shell.stdin.flush()
        while shell.stdout.readline() not in {b"send\n", b""}:
            pass
        shell.stdout.close()
        shell.stderr.close()
        shell.stdin.write(b"half of it")
        shell.stdin.close()
        assert shell.wait(timeout=20) != 0
    assert not list(tmp_path.iterdir())
