"""The base system's recipe and where its packages come from."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from bootstrap.lab import base, daemon
from bootstrap.lab.recipe import Recipe, recipe_for
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError


def test_a_change_of_the_recipe_makes_another_base() -> None:
    plain = recipe_for("debian-12", ())

    assert plain.key == recipe_for("debian-12", ()).key
    assert (
        len({plain.key, recipe_for("debian-12", ("ufw",)).key, Recipe(plain.release, plain.packages, "true").key}) == 3
    )


def test_another_system_is_another_base_with_its_own_habits() -> None:
    newer = recipe_for("debian-13", ())

    assert newer.release == "trixie"
    assert {"sudo-rs", "systemd-resolved", "needrestart", "unattended-upgrades"} < set(newer.packages)
    assert newer.key != recipe_for("debian-12", ()).key


def test_only_a_host_with_a_firewall_has_one_installed() -> None:
    assert "ufw" not in recipe_for("debian-12", ()).packages
    assert "ufw" in recipe_for("debian-12", ("ufw",)).packages
    assert "docker-cli" in recipe_for("debian-13", ("docker.io",)).packages
    assert "docker-cli" not in recipe_for("debian-12", ("docker.io",)).packages


def test_packages_come_from_the_machines_own_sources_of_that_release(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = (
        "deb http://mirror.example/debian/ bookworm main\n"
        "deb http://mirror.example/debian/ bookworm main\n"
        "deb http://mirror.example/debian-security/ bookworm-security main\n"
        "deb http://mirror.example/debian/ trixie main\n"
    )
    monkeypatch.setattr(base, "run", lambda argv: listed)

    assert base.machine_sources("bookworm") == (
        "deb http://mirror.example/debian/ bookworm main\n"
        "deb http://mirror.example/debian-security/ bookworm-security main\n"
    )


def test_a_machine_without_debian_sources_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "run", lambda argv: "")

    assert base.machine_sources("bookworm") == ""


def test_what_a_killed_build_leaves_goes_with_its_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def build(argv: list[str], **_: object) -> None:
        started.append(argv)
        Path(argv[-1]).mkdir()

    monkeypatch.setattr(base, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(base, "machine_sources", lambda release: "")
    monkeypatch.setattr(base, "run", build)

    rootfs = base.ensure_base(recipe_for("debian-12", ()), lambda line: None)

    assert started[0][: started[0].index("mmdebstrap")] == [*base.ENCLOSED]
    assert {"--mount", "--pid", "--kill-child"} < set(base.ENCLOSED)
    assert rootfs.is_dir()


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(argv: list[str], **_: object) -> None:
        Path(argv[-1]).mkdir()
        raise KbootError(Code.LAB_COMMAND_FAILED, "no mirror")

    monkeypatch.setattr(base, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(base, "machine_sources", lambda release: "")
    monkeypatch.setattr(base, "run", fails)

    with pytest.raises(KbootError, match="no mirror"):
        base.ensure_base(recipe_for("debian-12", ()), lambda line: None)

    assert [path.name for path in (tmp_path / "lab").iterdir() if path.name.startswith("base-")] == []


def test_a_base_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(base, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(base, "machine_sources", lambda release: "")
    monkeypatch.setattr(base, "run", lambda argv, **_: Path(argv[-1]).mkdir())

    first, second = (base.ensure_base(recipe_for("debian-12", ("ufw",)), said.append) for _ in range(2))

    assert first == second
    assert len(said) == 1


def test_what_a_killed_build_left_goes_before_the_next_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / "lab" / "base-0123456789ab.4711.new"
    left.mkdir(parents=True)

    def build(argv: list[str], **_: object) -> None:
        assert not left.exists()
        Path(argv[-1]).mkdir()

    monkeypatch.setattr(base, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(base, "machine_sources", lambda release: "")
    monkeypatch.setattr(base, "run", build)

    assert base.ensure_base(recipe_for("debian-12", ()), lambda line: None).is_dir()


def test_who_waited_for_another_build_of_the_same_base_takes_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "user_cache_path", lambda name: tmp_path)
    recipe = recipe_for("debian-12", ())

    said: list[str] = []

    def built_meanwhile(line: str) -> None:
        said.append(line)
        base.base_folder(recipe.key).mkdir(parents=True)
        holder.release()

    base.bases_folder().mkdir(parents=True)
    holder = FileLock(base.bases_folder() / "building.lock")
    holder.acquire()
    assert base.ensure_base(recipe, built_meanwhile).is_dir()
    assert len(said) == 1
    assert "waiting for it" in said[0]


def test_a_base_is_not_taken_while_somebody_removes_bases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(base, "machine_sources", lambda release: "")
    monkeypatch.setattr(base, "run", lambda argv, **_: Path(argv[-1]).mkdir())
    recipe = recipe_for("debian-12", ())
    there = base.base_folder(recipe.key)
    there.mkdir(parents=True)
    said: list[str] = []

    with ThreadPoolExecutor(1) as other, base.building(said.append):
        taken = other.submit(base.ensure_base, recipe, said.append)
        assert daemon.until(lambda: bool(said), 30)
        there.parent.rename(base.unfinished(there.parent))

    assert "waiting for it" in said[0]
    assert "building the hosts' base" in said[1]
    assert taken.result().is_dir()
    assert [path.name for path in there.parent.parent.glob("base-*")] == [there.parent.name]
