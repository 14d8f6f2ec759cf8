"""The lock says the same after it was written and read, and finds what steps ask it for."""

import pytest
import yaml
from pydantic import ValidationError

from bootstrap.model.lock import BundleLock, RoleNeeds
from tests.unit.bundle.conftest import PAUSE, locked


def test_a_lock_survives_being_written_and_read(lock: BundleLock) -> None:
    assert BundleLock.from_yaml(lock.to_yaml()) == lock


def test_an_image_is_found_under_its_name_and_under_the_name_it_stands_in_for(lock: BundleLock) -> None:
    assert lock.of("1.36.3").provided(PAUSE) == PAUSE
    assert lock.of("1.36.3").provided("registry.k8s.io/pause:3.9") == PAUSE


def test_an_image_that_is_not_there_is_said_by_name(lock: BundleLock) -> None:
    with pytest.raises(KeyError, match="etcd"):
        lock.of("1.36.3").image("registry.k8s.io/etcd:3.6.8-0")


def test_a_package_is_found_only_for_its_release(lock: BundleLock) -> None:
    assert lock.of("1.36.3").package("kubelet", "bookworm").kind == "package"
    with pytest.raises(KeyError, match="noble"):
        lock.of("1.36.3").package("kubelet", "noble")


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside", "apt/../../outside", "apt/.."])
def test_a_path_outside_the_bundle_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        locked(path, b"", kind="manifest")


def test_a_path_with_dots_in_a_name_is_fine() -> None:
    assert locked("images/a..b.tar", b"", kind="manifest").path == "images/a..b.tar"


def test_an_image_without_a_digest_is_refused() -> None:
    with pytest.raises(ValidationError, match="manifestDigest"):
        locked("images/x.tar", b"", kind="image", reference="x:1")


def test_an_unknown_field_is_refused(lock: BundleLock) -> None:
    with pytest.raises(ValidationError):
        BundleLock.from_yaml(lock.to_yaml() + "surprise: 1\n")


def test_a_lock_of_one_version_as_it_was_written_at_first_is_read(lock: BundleLock) -> None:
    plain = yaml.safe_load(lock.to_yaml())
    plain |= {"kubernetes": "1.36.3", "roles": plain.pop("versions")["1.36.3"]}
    image = next(file for file in plain["files"] if file["kind"] == "image")
    image["standsInFor"] = image["standsInFor"][0]

    assert BundleLock.from_yaml(yaml.safe_dump(plain)) == lock


def test_what_two_releases_share_is_counted_once(lock: BundleLock) -> None:
    twin = lock.files[0].model_copy(update={"path": "apt/trixie/kubelet.deb", "release": "trixie"})

    assert lock.model_copy(update={"files": (*lock.files, twin)}).size_bytes == lock.size_bytes


def test_each_version_has_the_files_of_its_own_and_those_that_all_share(lock: BundleLock) -> None:
    old = locked("apt/bookworm/kubelet_1.35.4-1.1_amd64.deb", b"old", kind="package", release="bookworm")
    old, new = (
        file.model_copy(update={"kubernetes": (version,)})
        for file, version in ((old, "1.35.4"), (lock.files[0], "1.36.3"))
    )
    needs = {"worker": RoleNeeds(install=("kubelet",), packages=("kubelet",), images=(PAUSE,))}
    both = lock.model_copy(
        update={"versions": {"1.36.3": needs, "1.35.4": needs}, "files": (new, old, *lock.files[1:])}
    )

    assert both.of("1.35.4").package("kubelet", "bookworm") == old
    assert both.of("1.36.3").package("kubelet", "bookworm") == new
    assert both.of("1.35.4").files[1:] == both.of("1.36.3").files[1:]
    with pytest.raises(KeyError):
        both.of("1.34.4")
