"""A file as its admin keeps it, as the shell finds it."""

import grp
import pwd
import subprocess
from pathlib import Path

import pytest

from bootstrap.facts.files import OwnedFile, owned_file
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
