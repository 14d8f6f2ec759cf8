"""The number that the coverage stage decides by."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.branches import Taken, by_file, by_room, main, table


def _report(**files: tuple[int, int]) -> dict[str, object]:
    told = {
        f"bootstrap/{path.replace('__', '/')}.py": {"summary": {"num_branches": of, "covered_branches": taken}}
        for path, (taken, of) in files.items()
    }
    return {"files": told}


def test_rooms_are_the_folders_of_the_package() -> None:
    files = by_file(_report(lab__power=(1, 4), lab__troubles__swap=(2, 2), environment=(3, 3)))
    assert by_room(files) == {".": Taken(3, 3), "lab": Taken(6, 3)}


def test_the_table_names_the_files_that_lack_most_first_and_none_that_lacks_nothing() -> None:
    lines = list(table(by_file(_report(lab__power=(1, 4), run__walk=(0, 9), model__plan=(2, 2)))))
    assert lines[-2:] == ["   9 missing: bootstrap/run/walk.py", "   3 missing: bootstrap/lab/power.py"]
    assert "all              3    15   20.0" in lines


@pytest.mark.parametrize(("pytest_ends", "taken", "code"), [(0, 90, 0), (0, 89, 1), (2, 90, 2)])
def test_too_few_branches_fail_and_so_does_a_failed_test(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pytest_ends: int, taken: int, code: int
) -> None:
    def run(argv: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        report = next(word.partition(":")[2] for word in argv if word.startswith("--cov-report=json:"))
        Path(report).write_text(json.dumps(_report(lab__power=(taken, 100))))
        return subprocess.CompletedProcess(argv, pytest_ends)

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["tests/unit"]) == code
    said = capsys.readouterr()
    assert ("90 % is the least" in said.err) is (taken < 90)
    assert f"all             {taken}   100" in said.out, "also where a test failed"


def test_a_run_that_measured_nothing_never_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda argv, **_: subprocess.CompletedProcess(argv, 0))
    assert main(["tests/unit"]) == 1
