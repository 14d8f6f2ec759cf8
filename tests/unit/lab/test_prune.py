"""Only a base that no lab lies over goes."""

from pathlib import Path

import pytest

from bootstrap.lab import state
from bootstrap.lab.prune import remove_bases, unused_bases
from bootstrap.lab.spec import LabSpec
from bootstrap.model.error import KbootError


@pytest.fixture
def bases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with three bases, and a lab over one of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(state, "LABS", tmp_path / "labs")
    folder = tmp_path / "kboot" / "lab"
    for name in ("base-used", "base-old", "base-older"):
        (folder / name / "rootfs").mkdir(parents=True)
        (folder / name / "rootfs" / "file").write_bytes(b"0" * 1000)
    (folder / "docker-registry").mkdir()
    lab = state.lab_state("mine")
    lab.folder.mkdir(parents=True)
    lab.save(LabSpec(name="mine", base=str(folder / "base-used" / "rootfs")))
    return folder


def test_what_no_lab_uses_goes_and_all_else_stays(bases: Path) -> None:
    with unused_bases() as found:
        assert [(one.path.name, one.size_bytes) for one in found] == [("base-old", 1000), ("base-older", 1000)]
        remove_bases(found)
    assert sorted(path.name for path in bases.iterdir() if path.is_dir()) == ["base-used", "docker-registry"]


def test_while_a_lab_is_being_made_nothing_goes(bases: Path) -> None:
    (state.LABS / "half").mkdir()
    with pytest.raises(KbootError, match="the lab half is being made"), unused_bases():
        pass
    assert len(list(bases.glob("base-*"))) == 3
