"""The signed repository is one that apt's own verifier accepts, and only while nobody touched it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bootstrap.bundle.make.deb import Content, Package, build_package
from bootstrap.bundle.make.repository import index_repository
from bootstrap.bundle.make.signing import SigningKey

_TOOLS = ("gpg", "gpgv", "apt-ftparchive", "dpkg-deb")
pytestmark = pytest.mark.skipif(not all(map(shutil.which, _TOOLS)), reason=f"needs {', '.join(_TOOLS)}")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return SigningKey.at(tmp_path_factory.mktemp("key") / "home")


@pytest.fixture
def repository(tmp_path: Path, key: SigningKey) -> Path:
    folder = tmp_path / "bookworm"
    folder.mkdir()
    package = Package("demo", "1.0", "Demo", "here", "Apache-2.0", (Content("/etc/demo", text="x"),))
    build_package(package, {}, "amd64", folder)
    index_repository(folder, "bookworm", "amd64", key)
    return folder


def _accepted(repository: Path, key: SigningKey, tmp_path: Path) -> bool:
    ring = tmp_path / "ring.gpg"
    key.export(tmp_path / "ring.asc", ring)
    argv = ["gpgv", "--keyring", str(ring), str(repository / "InRelease")]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def test_the_index_names_the_package_and_release_names_the_index(repository: Path) -> None:
    packages = (repository / "Packages").read_text()
    assert "Package: demo" in packages
    assert "Filename: ./demo_1.0_amd64.deb" in packages
    release = (repository / "Release").read_text()
    assert "Codename: bookworm" in release
    assert " Packages.gz" in release


def test_the_signature_is_accepted(repository: Path, key: SigningKey, tmp_path: Path) -> None:
    assert _accepted(repository, key, tmp_path)


def test_a_changed_index_is_not_accepted(repository: Path, key: SigningKey, tmp_path: Path) -> None:
    signed = repository / "InRelease"
    signed.write_text(signed.read_text().replace("bookworm", "bullseye"))
    assert not _accepted(repository, key, tmp_path)


def test_the_key_is_made_once_and_kept_private(key: SigningKey) -> None:
    assert SigningKey.at(key.home) == key
    assert len(key.fingerprint) == 40
    assert key.home.stat().st_mode & 0o777 == 0o700
