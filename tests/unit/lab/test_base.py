"""The base system's recipe and where its packages come from."""

import pytest

from bootstrap.lab import base
from bootstrap.lab.recipe import Recipe, recipe_for


def test_a_change_of_the_recipe_makes_another_base() -> None:
    plain = recipe_for("none")

    assert plain.key == recipe_for("none").key
    assert len({plain.key, recipe_for("ufw").key, Recipe(plain.release, plain.packages, "true").key}) == 3


def test_only_a_host_with_a_firewall_has_one_installed() -> None:
    assert "ufw" not in recipe_for("none").packages
    assert "ufw" in recipe_for("ufw").packages


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
