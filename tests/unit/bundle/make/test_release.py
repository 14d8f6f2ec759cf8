"""For which releases a machine can collect packages, and from where."""

from pathlib import Path

import pytest

from bootstrap.bundle.make import recipe
from bootstrap.bundle.make import release as module
from bootstrap.bundle.make.debian import Apt
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.release import sources_of, this_release, wanted_releases
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.tables.systems import RELEASES, Release
from bootstrap.model.tables.versions import VERSIONS

BOOKWORM, TRIXIE = RELEASES[:2]
NOBLE = Release("ubuntu", "24.04", "noble")


def test_a_debian_machine_collects_for_every_debian_and_its_own_comes_first() -> None:
    assert wanted_releases((), TRIXIE) == (TRIXIE, BOOKWORM)


def test_another_machine_collects_for_its_own_release() -> None:
    assert wanted_releases((), NOBLE) == (NOBLE,)


def test_what_was_asked_for_is_taken_once_each() -> None:
    assert wanted_releases(("trixie", "trixie"), BOOKWORM) == (TRIXIE,)


def test_a_release_of_another_system_is_refused_with_those_that_can_be_had() -> None:
    with pytest.raises(KbootError) as caught:
        wanted_releases(("noble",), BOOKWORM)

    assert caught.value.code == Code.BUNDLE_RELEASE_UNKNOWN
    assert "bookworm, trixie" in caught.value.advice


def test_the_machines_own_release_comes_from_its_own_sources_whatever_they_are() -> None:
    assert sources_of(NOBLE, NOBLE) == ()


def test_another_release_comes_from_the_machines_mirrors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "output_of", lambda _argv: "deb http://mirror.example/debian/ bookworm main\n")

    assert sources_of(TRIXIE, BOOKWORM) == ("deb http://mirror.example/debian/ trixie main",)


def test_a_machine_without_a_mirror_of_it_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "output_of", lambda _argv: "")

    with pytest.raises(KbootError) as caught:
        sources_of(TRIXIE, BOOKWORM)

    assert "--release bookworm" in caught.value.advice


def test_a_mirror_that_lacks_the_release_is_told_with_what_apt_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuses(_apt: object) -> None:
        raise KbootError(Code.BUNDLE_COMMAND_FAILED, "apt-get failed", evidence="404 Not Found")

    monkeypatch.setattr(Apt, "update", refuses)
    monkeypatch.setattr(module, "output_of", lambda _argv: "deb http://mirror.example/debian/ bookworm main\n")
    versions = VERSIONS["1.36.3"]
    order = Order((versions,), "amd64", (BOOKWORM, TRIXIE), BOOKWORM, (), tmp_path)
    parts = {part.name: part for part in recipe.all_parts(order, versions)}

    with pytest.raises(KbootError, match="KB1214") as caught:
        parts["debian-packages-trixie"].make(tmp_path, {}, lambda _note: None)
    assert caught.value.evidence == "404 Not Found"
    assert "--release bookworm" in caught.value.advice
    with pytest.raises(KbootError, match="KB1207"):
        parts["debian-packages-bookworm"].make(tmp_path, {}, lambda _note: None)


@pytest.mark.parametrize("apt", ["there", "missing"])
def test_a_machine_without_debians_packages_is_told_which_one_to_take(
    monkeypatch: pytest.MonkeyPatch, apt: str
) -> None:
    fedora = {"ID": "fedora", "VERSION_ID": "44", "PRETTY_NAME": "Fedora Linux 44"}
    told = fedora if apt == "there" else {**fedora, "VERSION_CODENAME": "bookworm"}
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: told)
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/apt-get" if apt == "there" else None)
    with pytest.raises(KbootError) as caught:
        this_release()
    assert caught.value.code == Code.BUNDLE_TOOL_MISSING
    assert caught.value.evidence == "os-release says Fedora Linux 44"


def test_the_machines_own_release_is_read_from_os_release(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"ID": "ubuntu", "VERSION_ID": "26.04", "VERSION_CODENAME": "resolute"}
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: told)
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/apt-get")
    assert this_release() == Release("ubuntu", "26.04", "resolute")
