"""Which inventory is meant."""

from pathlib import Path

import pytest

from bootstrap.load.error import InvalidInput
from bootstrap.load.find import find_inventory


def test_the_option_stands_before_the_variable_and_the_variable_before_the_folder(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").touch()
    assert find_inventory("a.yaml", {"KBOOT_INVENTORY": "b.yaml"}, tmp_path) == "a.yaml"
    assert find_inventory(None, {"KBOOT_INVENTORY": "b.yaml"}, tmp_path) == "b.yaml"
    assert find_inventory(None, {}, tmp_path) == str(tmp_path / "lab.yaml")


def test_a_folder_without_one_is_told_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"neither lab\.yaml nor kboot\.yaml is here") as caught:
        find_inventory(None, {}, tmp_path)
    assert "--inventory" in caught.value.advice


def test_two_in_one_folder_are_not_guessed_between(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").touch()
    (tmp_path / "kboot.yaml").touch()
    with pytest.raises(InvalidInput, match=r"both lab\.yaml and kboot\.yaml are here"):
        find_inventory(None, {}, tmp_path)
