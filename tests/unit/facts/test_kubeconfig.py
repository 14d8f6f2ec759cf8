"""~/.kube/config of an account, as the shell finds it."""

import getpass
import os
import subprocess
from pathlib import Path

import pytest

from bootstrap.facts.kubeconfig import ROOT_CONFIG, HomeConfig
from bootstrap.model.answer import Known
from bootstrap.model.fact import Output

ME = getpass.getuser()


def asked(home: Path) -> HomeConfig:
    """The fact's script for an account whose home is this folder."""
    shell = f'getent() {{ echo "{ME}:x:0:0::{home}:/bin/sh"; }}; ' + ROOT_CONFIG.script.replace(
        "user=root", f"user={ME}"
    )
    done = subprocess.run(["sh", "-c", shell], text=True, capture_output=True, timeout=60, check=False)
    answer = ROOT_CONFIG.read(Output(done.returncode, done.stdout, done.stderr))
    assert isinstance(answer, Known), answer
    return answer.value


def kube(home: Path) -> Path:
    (home / ".kube").mkdir()
    return home / ".kube" / "config"


def test_no_file(tmp_path: Path) -> None:
    found = asked(tmp_path)
    assert (found.text, found.has_folder, found.path) == (None, False, f"{tmp_path}/.kube/config")


def test_a_file(tmp_path: Path) -> None:
    file = kube(tmp_path)
    file.write_text("clusters: []\nusers: []\n")
    file.chmod(0o600)
    found = asked(tmp_path)
    assert found.text is not None
    assert found.text.value == "clusters: []\nusers: []\n"
    assert (found.is_private, found.has_folder, found.path) == (True, True, str(file))


def test_behind_a_link_is_the_file_that_is_read_and_written(tmp_path: Path) -> None:
    real = tmp_path / "dot files" / "config"
    real.parent.mkdir()
    real.write_text("a: b\n")
    kube(tmp_path).symlink_to(real)
    found = asked(tmp_path)
    assert found.text is not None
    assert (found.path, found.foreign) == (str(real), "")


def test_a_link_to_nothing_is_known_as_one(tmp_path: Path) -> None:
    for gone in (tmp_path / "gone", tmp_path / "gone" / "too"):
        file = tmp_path / ".kube" / "config"
        file.unlink(missing_ok=True)
        file.parent.mkdir(exist_ok=True)
        file.symlink_to(gone)
        found = asked(tmp_path)
        assert (found.text, found.path, found.foreign) == (None, str(file), str(gone))


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to somebody else")
def test_of_a_link_to_somebody_elses_file_only_the_path_is_told(tmp_path: Path) -> None:
    theirs = tmp_path / "their file"
    theirs.write_text("a: b\n")
    os.chown(theirs, 65534, 65534)
    kube(tmp_path).symlink_to(theirs)
    found = asked(tmp_path)
    assert (found.text, found.path, found.foreign) == (None, f"{tmp_path}/.kube/config", str(theirs))
