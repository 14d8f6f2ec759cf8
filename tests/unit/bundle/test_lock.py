"""The lock says the same after it was written and read, and finds what steps ask it for."""

import pytest
from pydantic import ValidationError

from bootstrap.model.lock import Lock
from tests.unit.bundle.conftest import PAUSE, locked


def test_a_lock_survives_being_written_and_read(lock: Lock) -> None:
    assert Lock.from_yaml(lock.to_yaml()) == lock


def test_an_image_is_found_under_its_name_and_under_the_name_it_stands_in_for(lock: Lock) -> None:
    assert lock.provided(PAUSE) == PAUSE
    assert lock.provided("registry.k8s.io/pause:3.9") == PAUSE


def test_an_image_that_is_not_there_is_said_by_name(lock: Lock) -> None:
    with pytest.raises(KeyError, match="etcd"):
        lock.image("registry.k8s.io/etcd:3.6.8-0")


def test_a_package_is_found_only_for_its_release(lock: Lock) -> None:
    assert lock.package("kubelet", "bookworm").kind == "package"
    with pytest.raises(KeyError, match="noble"):
        lock.package("kubelet", "noble")


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside", "apt/../../outside", "apt/.."])
def test_a_path_outside_the_bundle_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        locked(path, b"", kind="manifest")


def test_a_path_with_dots_in_a_name_is_fine() -> None:
    assert locked("images/a..b.tar", b"", kind="manifest").path == "images/a..b.tar"


def test_an_image_without_a_digest_is_refused() -> None:
    with pytest.raises(ValidationError, match="manifestDigest"):
        locked("images/x.tar", b"", kind="image", reference="x:1")


def test_an_unknown_field_is_refused(lock: Lock) -> None:
    with pytest.raises(ValidationError):
        Lock.from_yaml(lock.to_yaml() + "surprise: 1\n")
