"""Only what no wanted version or release needs goes, and nothing that is not kboot's."""

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap import environment
from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.part import keys_of
from bootstrap.bundle.make.prune import remove, unwanted
from bootstrap.bundle.make.recipe import all_parts, surroundings
from bootstrap.bundle.make.store import Store
from bootstrap.model.tables.systems import RELEASES
from bootstrap.model.tables.versions import VERSIONS

BOOKWORM, TRIXIE = RELEASES[:2]
NEW, OLD = VERSIONS["1.36.3"], VERSIONS["1.35.4"]
ORDER = Order((NEW,), "amd64", (BOOKWORM,), BOOKWORM, (), Path("unused"))


def made(home: Path, order: Order) -> set[Path]:
    """An empty folder for every part of an order."""
    store = Store(home / "build")
    for versions in order.versions:
        for name, key in keys_of(all_parts(order, versions), surroundings(order)).items():
            store.path(name, key).mkdir(parents=True, exist_ok=True)
    return set(store.parts())


def kept(home: Path, order: Order) -> set[Path]:
    """The parts that are left after pruning."""
    remove(unwanted(order, home))
    return set(Store(home / "build").parts())


def test_parts_of_a_wanted_version_stay_and_those_of_another_go(tmp_path: Path) -> None:
    wanted = made(tmp_path, ORDER)
    everything = made(tmp_path, replace(ORDER, versions=(NEW, OLD), releases=(BOOKWORM, TRIXIE)))

    assert wanted < everything
    assert kept(tmp_path, ORDER) == wanted


def test_two_wanted_versions_keep_the_parts_of_both(tmp_path: Path) -> None:
    both = replace(ORDER, versions=(NEW, OLD))

    everything = made(tmp_path, both)

    assert kept(tmp_path, both) == everything


@pytest.mark.parametrize(
    ("order", "gone"),
    [
        (ORDER, False),
        (replace(ORDER, releases=(BOOKWORM, TRIXIE)), False),
        (replace(ORDER, versions=(OLD,)), True),
        (replace(ORDER, releases=(TRIXIE,)), True),
        (replace(ORDER, versions=(OLD,), architecture="arm64"), False),
    ],
)
def test_a_bundle_goes_when_it_holds_what_is_not_wanted(
    tmp_path: Path, whole: Bundle, order: Order, gone: bool
) -> None:
    place = tmp_path / "bundle" / "1.36.3-amd64"
    home = tmp_path / "home"
    shutil.copytree(whole.folder, home / "bundle" / place.name)

    found = unwanted(order, home)

    assert [one.path.name for one in found] == ([place.name] if gone else [])
    assert all(one.size_bytes > whole.lock.size_bytes for one in found)


def test_a_link_to_a_bundle_or_a_part_is_left(tmp_path: Path, whole: Bundle) -> None:
    home = tmp_path / "home"
    for folder in (home / "bundle", home / "build"):
        folder.mkdir(parents=True)
        (folder / "etcd-0123456789abcdef").symlink_to(whole.folder)

    assert unwanted(replace(ORDER, versions=(OLD,)), home) == ()


def test_what_is_not_kboots_alone_is_left(tmp_path: Path, whole: Bundle) -> None:
    home = tmp_path / "home"
    shutil.copytree(whole.folder, home / "bundle/mine")
    (home / "bundle/mine/thesis.tex").touch()
    (home / "bundle/empty").mkdir()
    (home / "bundle/broken").mkdir()
    (home / "bundle/broken" / LOCK_NAME).write_text("[")
    (home / "bundle/file").touch()

    assert unwanted(replace(ORDER, versions=(OLD,)), home) == ()


def test_what_a_killed_prune_or_build_left_goes_before_all_else(tmp_path: Path, whole: Bundle) -> None:
    home = tmp_path / "home"
    place = home / "bundle/1.36.3-amd64"
    shutil.copytree(whole.folder, place)
    left = (
        home / "build/.draft-etcd-x1",
        home / "build/.draft-gone-etcd-0123456789abcdef",
        home / "bundle/.1.36.3-amd64.kboot-draft-x1/old",
        home / "bundle/.draft-gone-1.36.3-amd64",
    )
    for folder in left:
        shutil.copytree(whole.folder, folder)

    found = unwanted(replace(ORDER, versions=(OLD,)), home)

    assert [one.path.name for one in found[:-1]] == [
        ".draft-etcd-x1",
        ".draft-gone-etcd-0123456789abcdef",
        ".1.36.3-amd64.kboot-draft-x1",
        ".draft-gone-1.36.3-amd64",
    ]
    assert all("killed" in one.why for one in found[:-1])
    assert found[-1].path == place
    remove(found)
    assert [*home.glob("build/*"), *home.glob("bundle/*")] == []


def test_an_environment_goes_a_month_after_the_last_start_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    home = environment.cache_folder()
    for name, days in (("old", 31), ("recent", 29), ("lately", 31)):
        (home / f"environment/{name}/bin").mkdir(parents=True)
        (home / f"environment/{name}/complete").touch()
        (lock := home / f"environment/{name}.lock").touch()
        then = time.time() - days * 24 * 3600
        os.utime(lock, (then, then))
    monkeypatch.setattr(environment, "_folder", lambda: home / "environment/lately")
    environment._made()  # a start

    found = unwanted(ORDER, home)

    assert [one.path.name for one in found] == ["old"]
    remove(found)
    assert sorted(path.name for path in (home / "environment").iterdir() if path.is_dir()) == ["lately", "recent"]
