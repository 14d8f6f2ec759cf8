"""`kboot kubeconfig get|merge`: what is printed, what is written, and what is left alone."""

import os
import stat
from pathlib import Path

import pytest
import yaml

from bootstrap.cli.boundary import guarded
from bootstrap.cli.root import kboot
from tests.unit.model.test_kubeconfig import ADMIN, THEIRS

INVENTORY = """\
apiVersion: kboot/v1
cluster: {name: lab}
hosts: [{name: cp1, address: 192.0.2.1, role: control-plane}]
"""


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An inventory here, and the kubeconfig that a run of it left."""
    (tmp_path / "lab.yaml").write_text(INVENTORY)
    monkeypatch.chdir(tmp_path)
    path = Path(os.environ["XDG_STATE_HOME"]) / "kboot/clusters/lab/kubeconfig"
    path.parent.mkdir(parents=True)
    path.write_text(ADMIN)
    return path


def own() -> Path:
    """Where kubectl would look."""
    return Path(os.environ["HOME"]) / ".kube" / "config"


def test_get_prints_what_a_run_left(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["kubeconfig", "get"]) == 0
    assert capsys.readouterr().out == ADMIN


def test_get_path_prints_nothing_secret(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, ["kubeconfig", "get", "--path"]) == 0
    assert capsys.readouterr().out == f"{kept}\n"


def test_before_any_run_it_says_which_command_fetches_it(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept.unlink()
    assert guarded(kboot, ["kubeconfig", "get"]) == 9
    printed = capsys.readouterr().err
    assert "KB1513" in printed
    assert "kboot init-master" in printed


def test_merge_makes_a_private_file_where_none_is(kept: Path) -> None:
    assert guarded(kboot, ["kubeconfig", "merge"]) == 0
    assert yaml.safe_load(own().read_text())["current-context"] == "lab"
    assert stat.S_IMODE(own().stat().st_mode) == 0o600
    assert stat.S_IMODE(own().parent.stat().st_mode) == 0o700


def test_merging_again_writes_nothing(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guarded(kboot, ["kubeconfig", "merge"])
    before = own().stat()
    assert guarded(kboot, ["kubeconfig", "merge"]) == 0
    assert "nothing was written" in capsys.readouterr().out
    assert (own().stat().st_mtime_ns, own().stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_the_first_file_of_kubeconfig_is_meant(kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text(THEIRS)
    monkeypatch.setenv("KUBECONFIG", f"{mine}{os.pathsep}{tmp_path / 'other'}")
    guarded(kboot, ["kubeconfig", "merge", "--use"])
    assert yaml.safe_load(mine.read_text())["current-context"] == "lab"
    assert not own().exists()


def test_a_symbolic_link_stays_one(kept: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "config"
    real.parent.mkdir()
    real.write_text(THEIRS)
    link = tmp_path / "link"
    link.symlink_to(real)
    assert guarded(kboot, ["kubeconfig", "merge", "--into", str(link)]) == 0
    assert link.is_symlink()
    assert "name: lab" in real.read_text()


def test_another_cluster_of_our_name_is_not_replaced_unasked(kept: Path, tmp_path: Path) -> None:
    guarded(kboot, ["kubeconfig", "merge"])
    kept.write_text(ADMIN.replace("Q0E=", "TkVX").replace("10.0.0.1", "10.9.9.9"))
    before = own().read_text()
    assert guarded(kboot, ["kubeconfig", "merge", "--no-input"]) == 14
    assert own().read_text() == before
    assert guarded(kboot, ["kubeconfig", "merge", "--yes"]) == 0
    assert "10.9.9.9" in own().read_text()


def test_no_is_an_answer(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded(kboot, ["kubeconfig", "merge"])
    kept.write_text(ADMIN.replace("Q0E=", "TkVX").replace("10.0.0.1", "10.9.9.9"))
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert guarded(kboot, ["kubeconfig", "merge"]) == 6


def test_a_file_that_is_no_kubeconfig_is_left_as_it_is(kept: Path, tmp_path: Path) -> None:
    target = tmp_path / "notes"
    target.write_text("- buy milk\n")
    assert guarded(kboot, ["kubeconfig", "merge", "--into", str(target)]) == 9
    assert target.read_text() == "- buy milk\n"


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "kube" / "config"
    target.parent.mkdir()
    target.write_text(THEIRS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert guarded(kboot, ["kubeconfig", "merge", "--into", str(target)]) != 0
    assert target.read_text() == THEIRS
    assert list(target.parent.iterdir()) == [target]
