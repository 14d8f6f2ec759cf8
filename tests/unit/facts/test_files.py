"""A file as its admin keeps it, as the shell finds it."""

import grp
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from bootstrap.facts.files import OwnedFile, file_digests, owned_file
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import Output
from bootstrap.model.text import Secret

FSTAB = "//nas/data /data cifs password=kept-for-me 0 0\n\n"


@pytest.mark.parametrize(("mode", "text"), [(0o644, FSTAB), (0o640, Secret(FSTAB)), (0o600, Secret(FSTAB))])
def test_it_has_its_mode_its_owner_and_a_secret_text_unless_everybody_reads_it(
    tmp_path: Path, mode: int, text: str | Secret
) -> None:
    file = tmp_path / "my fstab"
    file.write_text(FSTAB)
    owner = f"{pwd.getpwuid(file.stat().st_uid).pw_name}:{grp.getgrgid(file.stat().st_gid).gr_name}"
    file.chmod(mode)
    assert asked(file) == Known(OwnedFile(text, mode, owner))


def test_no_file(tmp_path: Path) -> None:
    assert isinstance(asked(tmp_path / "fstab"), Absent)


def asked(file: Path) -> Answer[OwnedFile]:
    """The fact's answer on this machine."""
    fact = owned_file(str(file))
    done = subprocess.run(["sh", "-c", fact.script], text=True, capture_output=True, timeout=60, check=False)
    return fact.read(Output(done.returncode, done.stdout, done.stderr))


def test_digests_are_asked_of_files_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a sha256sum that ends at the first that is not."""
    real, first, last = shutil.which("sha256sum"), tmp_path / "first", tmp_path / "last"
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/sha256sum"
    program.write_text(f'#!/bin/sh\nfor path; do [ -e "$path" ] || exit 1; {real} "$path"; done\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    for path in (first, last):
        path.write_text(path.name)
    fact = file_digests("a test", (str(first), str(tmp_path / "gone"), str(last)))
    done = subprocess.run(["sh"], input=fact.script, capture_output=True, text=True, check=True)
    answer = fact.read(Output(0, done.stdout, done.stderr))
    assert isinstance(answer, Known)
    assert set(answer.value) == {str(first), str(last)}
