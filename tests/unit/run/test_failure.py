"""A failure is told by its cause where its words give it away, and in words alone."""

import base64

import pytest

from bootstrap.model.codes import Code
from bootstrap.run import in_flight
from bootstrap.run.asking import NO_SCRATCH
from bootstrap.run.failure import cause_of
from bootstrap.transport.connection import Completed


@pytest.mark.parametrize(
    "said",
    [
        "cat: write error: No space left on device",
        "ctr: failed to extract layer sha256:1f: write /var/lib/containerd/x: no space left on device: unknown",
        "dpkg: error processing archive: cannot copy extracted data (failed to write (No space left on device))",
        "E: You don't have enough free space in /var/cache/apt/archives/.",
        "mkdir: cannot create directory: Disk quota exceeded",
    ],
)
def test_a_full_disk_has_a_code_of_its_own(said: str) -> None:
    code, advice = cause_of(said)
    assert code is Code.DISK_FULL
    assert "Make room" in advice


def test_anything_else_is_an_act_that_failed() -> None:
    assert cause_of("exit code 1") == (Code.ACT_FAILED, "Mend it, then run again.")


@pytest.mark.parametrize(
    "said",
    [
        "E: Failed to fetch http://a/kubelet.deb  Hash Sum mismatch",
        'ctr: failed commit on ref "layer-sha256:8c": unexpected commit digest sha256:fe, expected sha256:8c',
    ],
)
def test_bytes_that_were_altered_on_their_way_are_the_sources_trouble(said: str) -> None:
    code, advice = cause_of(said)
    assert code is Code.ACT_FAILED
    assert "refresh the mirror" in advice


def test_what_an_act_draws_does_not_reach_the_terminal() -> None:
    drawn = "layer: done |\x1b[32m++++\x1b[0m|\x07\nctr: \x9b2Jfailed\r\n"
    log = base64.b64encode(drawn.encode()).decode()
    told = in_flight.told(f"kboot-act failed 3\n{log}\n".encode())
    unwritten = in_flight.ended(Completed(NO_SCRATCH, b"", drawn, 0.1))
    for outcome in (told, unwritten):
        assert outcome.evidence.splitlines() == ["layer: done |++++|", "ctr: failed"]
