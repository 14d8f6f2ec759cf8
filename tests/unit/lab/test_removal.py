"""Folders go, mounts are never entered."""

from pathlib import Path

import pytest

from bootstrap.lab import removal
from bootstrap.model.error import KbootError


def test_a_folder_goes_with_all_in_it(tmp_path: Path) -> None:
    (tmp_path / "lab" / "hosts").mkdir(parents=True)

    removal.remove_tree(tmp_path / "lab")
    removal.remove_tree(tmp_path / "lab")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_mount_in_it_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lab" / "netns").mkdir(parents=True)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"36 25 0:4 / {tmp_path}/lab/netns rw - nsfs nsfs rw\n")
    monkeypatch.setattr(removal, "MOUNTS", mounts)

    with pytest.raises(KbootError) as refused:
        removal.remove_tree(tmp_path / "lab")

    assert f"umount {tmp_path}/lab/netns" in refused.value.advice
    assert (tmp_path / "lab" / "netns").is_dir()


def test_a_mount_beside_the_folder_is_none_of_its_business(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lab").mkdir()
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"36 25 0:4 / {tmp_path}/lab2/netns rw - nsfs nsfs rw\n25 1 254:0 / / rw - ext4 /dev/vda rw\n")
    monkeypatch.setattr(removal, "MOUNTS", mounts)

    removal.remove_tree(tmp_path / "lab")

    assert not (tmp_path / "lab").exists()
