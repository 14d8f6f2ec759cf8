"""What a trouble does once is done, whatever of its standard input sudo takes."""

from pathlib import Path

import pytest

from bootstrap.lab import first_boot
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState
from bootstrap.lab.troubles.trouble import Trouble

# The last word is what ssh gives to the host's shell; sudo-rs takes its whole stdin for the password.
SSH = '#!/bin/sh\nfor word; do :; done\nexec sh -c "$word"\n'
SPEC = LabSpec("lab", troubles=("old",))
SUDO = '#!/bin/sh\ncat >"$0.got"\nwhile [ "$1" != sh ]; do shift; done\nexec "$@" </dev/null\n'


@pytest.mark.parametrize("password", ["", "correct horse"])
def test_a_sudo_that_takes_all_of_its_stdin_leaves_the_script(
    password: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("ssh", SSH), ("sudo", SUDO)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    lab = LabState(tmp_path / "lab")
    lab.host("cp1").folder.mkdir(parents=True)
    if password:
        lab.sudo_password.write_text(password + "\n")
    trouble = Trouble("old", "An old cluster.", once=f"echo done >{tmp_path}/made\n")
    monkeypatch.setattr(first_boot, "chosen_troubles", lambda _: (trouble,))
    first_boot.finish(lab, SPEC, "cp1")
    assert (tmp_path / "made").exists()
    assert (tmp_path / "sudo.got").read_text() == f"{password}\n"
    assert not list(tmp_path.glob("tmp.*"))
