"""What is read and checked before a host is contacted."""

from pathlib import Path

import click
import pytest

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.cli import preparing
from bootstrap.cli.asked import Asked
from bootstrap.cli.preparing import prepare, prepared_hosts
from bootstrap.load.error import InvalidInput
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from tests.unit.bundle.conftest import lock, whole

__all__ = ["lock", "whole"]
HOSTS = "hosts: [{name: cp1, address: 192.0.2.1, role: control-plane}]\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an inventory in which nothing is wrong, and we are in it."""
    monkeypatch.chdir(tmp_path)
    Path("lab.yaml").write_text(f"apiVersion: kboot/v1\ncluster: {{addons: []}}\n{HOSTS}")
    return tmp_path


def refusal(tmp_path: Path, bundle: Bundle, more: str = "") -> tuple[Code, int]:
    inventory = tmp_path / "lab.yaml"
    inventory.write_text(f"apiVersion: kboot/v1\ncluster: {{bundle: {bundle.folder}, addons: []{more}}}\n{HOSTS}")
    with pytest.raises(KbootError) as caught:
        prepare(Asked("up", inventory)).before_first_change()
    return caught.value.code, int(caught.value.exit_code)


def test_a_bundle_with_an_altered_lock_is_refused(tmp_path: Path, whole: Bundle) -> None:
    path = whole.folder / LOCK_NAME
    path.write_text(path.read_text().replace("a test", "elsewhere", 1))
    assert refusal(tmp_path, whole) == (Code.BUNDLE_FORGED, 12)


def test_a_bundle_by_another_than_the_named_maker_is_refused(tmp_path: Path, whole: Bundle) -> None:
    assert refusal(tmp_path, whole, f", bundleKey: '{'0' * 64}'") == (Code.BUNDLE_KEY_DIFFERS, 12)


def test_the_named_makers_bundle_is_taken_and_still_compared_byte_by_byte(tmp_path: Path, whole: Bundle) -> None:
    (whole.folder / "images/pause-3.10.2.tar").write_bytes(b"an imagE")
    assert refusal(tmp_path, whole, f", bundleKey: '{whole.signed_by}'") == (Code.BUNDLE_ALTERED, 12)


@pytest.mark.parametrize(
    "asked",
    [
        Asked("up", only=("swap-of",)),
        Asked("up", skip=("swap-of",)),
        Asked("up", limit=("w9",)),
        Asked("./own.yaml"),
        Asked("up", Path("broken.yaml")),
        Asked("up", Path("no-bundle.yaml")),
    ],
)
def test_no_host_is_contacted_when_anything_that_was_typed_is_wrong(
    asked: Asked, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "connections", lambda _: pytest.fail("a host is contacted"))
    Path("broken.yaml").write_text("apiVersion: kboot/v1\nhosts: []\n")
    Path("no-bundle.yaml").write_text(f"apiVersion: kboot/v1\ncluster: {{bundle: none, addons: []}}\n{HOSTS}")
    Path("own.yaml").write_text(
        "apiVersion: kboot/v1\nkind: Playbook\nname: own\nsummary: Own.\n"
        "phases: [{name: host, targets: all, steps: [swap-of]}]\n"
    )
    with pytest.raises((InvalidInput, KbootError, click.UsageError)), prepared_hosts(asked):
        pass


@pytest.mark.parametrize("asked", [Asked("up", only=("swap-of",)), Asked("up", limit=("w9",)), Asked("./nope.yaml")])
def test_a_slip_of_the_keyboard_is_told_before_the_bundle_is_read(
    asked: Asked, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "_supplied", lambda _: pytest.fail("the bundle is read"))
    for look in (prepare, lambda it: prepared_hosts(it).__enter__()):
        with pytest.raises((KbootError, click.UsageError)):
            look(asked)
