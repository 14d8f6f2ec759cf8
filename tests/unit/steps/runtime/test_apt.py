"""What an earlier dpkg left is finished once nobody holds dpkg's lock, and not before."""

import os
import subprocess
from pathlib import Path

from bootstrap.model.action import Run
from bootstrap.steps.runtime import apt, online_apt
from tests.unit.programs import put

# As dpkg 1.21 says it.
HELD = "dpkg: error: dpkg frontend lock was locked by another process with pid 18084"
DAMAGED = "dpkg: error: parsing file '/var/lib/dpkg/status' near line 1"


def test_a_held_lock_is_waited_for(tmp_path: Path) -> None:
    done = finished(tmp_path, held=3, then="echo Setting up kubelet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Setting up kubelet\n", "")
    assert asked(tmp_path) == 4


def test_a_lock_that_is_never_freed_ends_it_with_dpkgs_own_words(tmp_path: Path) -> None:
    done = finished(tmp_path, held=1000)
    assert done.returncode == 2
    assert done.stderr == HELD + "\n"
    assert asked(tmp_path) == 61, "at first, and every 5 of 300 seconds"


def test_another_error_is_not_waited_for(tmp_path: Path) -> None:
    for code in (1, 2):
        done = finished(tmp_path, held=0, then=f'echo "{DAMAGED}" >&2; exit {code}')
        assert (done.returncode, done.stderr) == (code, DAMAGED + "\n")
        assert asked(tmp_path) == 1


def finished(folder: Path, held: int, then: str = ":") -> subprocess.CompletedProcess[str]:
    """What `finish` comes to where dpkg meets a held lock so many times; it sleeps no second."""
    (folder / "asked").write_text("")
    count = f'echo "$*" >>{folder}/asked; [ $(wc -l <{folder}/asked) -gt {held} ]'
    for name, body in (("dpkg", f'{count} || {{ echo "{HELD}" >&2; exit 2; }}; {then}'), ("sleep", ":")):
        put(folder, name, body)
    action = apt.finish()
    assert isinstance(action, Run)
    return subprocess.run(
        action.argv,
        input=str(action.stdin or ""),
        env={"PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def asked(folder: Path) -> int:
    """How often dpkg was run, each time to configure all."""
    lines = (folder / "asked").read_text().splitlines()
    assert set(lines) == {"--configure -a --force-confdef --force-confold"}
    return len(lines)


def test_a_package_that_cannot_be_configured_keeps_nothing_from_being_fetched_ahead() -> None:
    """A docker.io whose daemon does not start goes in the very next action."""
    first, _ = online_apt.ahead(("containerd.io=2.2.0-1",))
    assert isinstance(first, Run)
    assert first.ok == {0, 1}
    assert first.argv == apt.finish().argv
    assert apt.finish().ok == {0}
