"""Only a base that no lab lies over goes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bootstrap.lab import prune, state
from bootstrap.lab.prune import bundles_of_labs, remove_bases, unused_bases
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
    lab_over("mine", folder / "base-used")
    return folder


def lab_over(name: str, base: Path, bundle: Path | None = None) -> None:
    """A lab that came up."""
    lab = state.lab_state(name)
    lab.folder.mkdir(parents=True)
    lab.save(LabSpec(name=name, base=str(base / "rootfs"), bundle=str(bundle) if bundle else None))


def left(bases: Path) -> list[str]:
    return sorted(path.name for path in bases.iterdir() if path.is_dir())


def test_what_no_lab_uses_goes_and_all_else_stays(bases: Path) -> None:
    found = unused_bases(print)
    assert [(one.path.name, one.size_bytes) for one in found] == [("base-old", 1000), ("base-older", 1000)]
    assert remove_bases(found, print) == found
    assert left(bases) == ["base-used", "docker-registry"]


def test_while_a_lab_is_being_made_nothing_goes(bases: Path) -> None:
    found = unused_bases(print)
    (state.LABS / "half").mkdir()
    with pytest.raises(KbootError, match="the lab half is being made"):
        unused_bases(print)
    with pytest.raises(KbootError, match="the lab half is being made"):
        remove_bases(found, print)
    assert len(list(bases.glob("base-*"))) == 3


def test_while_a_lab_is_about_to_take_another_base_nothing_goes(bases: Path) -> None:
    lab_over("homeless", bases / "base-of-before")
    with pytest.raises(KbootError, match="the base of the lab homeless is gone"):
        unused_bases(print)


def test_a_base_that_a_lab_took_since_it_was_found_stays_and_that_is_said(bases: Path) -> None:
    found = unused_bases(print)
    lab_over("new", bases / "base-old")
    said: list[str] = []
    assert [one.path.name for one in remove_bases(found, said.append)] == ["base-older"]
    assert left(bases) == ["base-old", "base-used", "docker-registry"]
    assert said == [f"{bases / 'base-old'} stays: a lab lies over it by now"]


def test_a_killed_removal_leaves_no_half_base_in_its_place(bases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(folder: Path) -> None:
        (folder / "rootfs/file").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(prune, "remove_tree", killed)
    with pytest.raises(KeyboardInterrupt):
        remove_bases(unused_bases(print), print)
    assert left(bases) == [f"base-old.{os.getpid()}.new", "base-older", "base-used", "docker-registry"]


def test_a_link_in_the_cache_is_not_kboots_to_remove(bases: Path, tmp_path: Path) -> None:
    (bases / "base-old").rename(tmp_path / "elsewhere")
    (bases / "base-old").symlink_to(tmp_path / "elsewhere")
    assert [one.path.name for one in unused_bases(print)] == ["base-older"]


def test_a_bundle_is_known_by_the_lab_that_uses_it(bases: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "bundle")
    lab_over("new", bases / "base-used", tmp_path / "link")
    assert bundles_of_labs() == {tmp_path / "bundle": "new"}


def test_on_a_machine_without_labs_no_bundle_is_used(bases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "LABS", bases / "none")
    assert bundles_of_labs() == {}


@contextmanager
def no_root() -> Iterator[None]:
    """Root reads everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_who_may_not_look_at_labs_learns_that_he_may_not(bases: Path) -> None:
    state.LABS.chmod(0)
    with no_root():
        assert bundles_of_labs() is None
    state.LABS.chmod(0o755)
    state.lab_state("mine").folder.chmod(0)
    with no_root():
        assert bundles_of_labs() is None
