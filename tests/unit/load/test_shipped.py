"""What kboot ships is found in a checkout and in an installed package."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bootstrap.load.shipped import addons_folder, playbooks_folder

CHECKOUT = Path(__file__).parents[3]
FOLDERS = ("bootstrap", "playbooks", "addons")


def test_in_a_checkout_they_are_the_top_level_folders() -> None:
    assert playbooks_folder().samefile(CHECKOUT / "playbooks")
    assert addons_folder().samefile(CHECKOUT / "addons")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel, built from a copy: building writes into its source."""
    source = tmp_path_factory.mktemp("source")
    for folder in FOLDERS:
        shutil.copytree(CHECKOUT / folder, source / folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    (source / "inventory").mkdir()
    for file in ("pyproject.toml", "README.md", "inventory/schema.json"):
        shutil.copy(CHECKOUT / file, source / file)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", ".", "."]
    subprocess.run(build, cwd=source, check=True, timeout=120)
    (built,) = source.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_wheel_holds_every_file(folder: str, wheel: set[str]) -> None:
    inside = "" if folder == "bootstrap" else "bootstrap/"
    files = {path for path in (CHECKOUT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {f"{inside}{path.relative_to(CHECKOUT)}" for path in files} <= wheel


def test_a_wheel_installs_nothing_beside_the_package(wheel: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel} == {"bootstrap", "kboot"}
