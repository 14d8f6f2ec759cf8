"""The lab's stand-in for an unattended upgrade holds the locks that apt and dpkg take, under its model's name."""

import subprocess
import time
from pathlib import Path

import pytest

from bootstrap.facts.packages import APT_LOCKS, LockHolder
from bootstrap.lab.troubles.busy_apt import HOLDER, SECONDS, VARIABLE, once
from bootstrap.model.answer import Known
from bootstrap.model.fact import Output


def test_it_holds_all_three_locks_and_the_fact_names_it(tmp_path: Path) -> None:
    for folder in ("lib/apt/lists", "lib/dpkg"):
        (tmp_path / folder).mkdir(parents=True)
    program = tmp_path / "holder"
    program.write_text(HOLDER.replace("/var/lib", f"{tmp_path}/lib"))
    with subprocess.Popen(["perl", str(program), "60"]) as holder:
        try:
            assert _holders(tmp_path) == (LockHolder(holder.pid, "/usr/bin/python3 /usr/bin/unattended-upgrade"),)
        finally:
            holder.terminate()


def _holders(root: Path) -> tuple[LockHolder, ...]:
    script = APT_LOCKS.script.replace("/var/lib", f"{root}/lib")
    deadline = time.monotonic() + 50
    while time.monotonic() < deadline:
        said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
        answer = APT_LOCKS.read(Output(0, said.stdout))
        locks = sorted((root / "lib").rglob("lock*"))
        if isinstance(answer, Known) and answer.value and len(locks) == 3:
            return tuple(LockHolder(one.pid, one.command.strip()) for one in answer.value)
        time.sleep(0.05)
    return ()


@pytest.mark.parametrize(("told", "seconds"), [(None, SECONDS), ("7", 7), ("2m", SECONDS), ("", SECONDS)])
def test_how_long_can_be_said_and_what_is_no_number_breaks_no_command(
    monkeypatch: pytest.MonkeyPatch, told: str | None, seconds: int
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if told is not None:
        monkeypatch.setenv(VARIABLE, told)
    assert once().rstrip().endswith(f" {seconds}")
