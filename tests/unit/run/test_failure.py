"""A full disk is told from other failures, whoever says so."""

import pytest

from bootstrap.model.codes import Code
from bootstrap.run.failure import cause_of


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
