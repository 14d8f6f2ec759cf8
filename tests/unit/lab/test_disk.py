"""Files laid over the shared base."""

import os
from pathlib import Path

import pytest

from bootstrap.lab.disk import lay
from bootstrap.lab.host_file import HostFile, HostLink

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other users")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A base with a home folder."""
    base = tmp_path / "base"
    (base / "home/admin").mkdir(parents=True)
    (base / "home/admin").chmod(0o750)
    os.chown(base / "home/admin", 1000, 1000)
    return base


def test_a_folder_above_looks_as_it_does_in_the_base(base: Path, tmp_path: Path) -> None:
    lay(HostFile("/home/admin/.profile", "x\n", 0o600, 1000), tmp_path, base)

    home = (tmp_path / "home/admin").stat()
    assert (home.st_mode & 0o777, home.st_uid, home.st_gid) == (0o750, 1000, 1000)


def test_a_new_ssh_folder_is_the_users_and_closed(base: Path, tmp_path: Path) -> None:
    lay(HostFile("/home/admin/.ssh/authorized_keys", "key\n", 0o600, 1000), tmp_path, base)

    folder, file = (tmp_path / "home/admin/.ssh").stat(), (tmp_path / "home/admin/.ssh/authorized_keys").stat()
    assert (folder.st_mode & 0o777, folder.st_uid) == (0o700, 1000)
    assert (file.st_mode & 0o777, file.st_uid) == (0o600, 1000)


def test_shadow_belongs_to_its_group(base: Path, tmp_path: Path) -> None:
    lay(HostFile("/etc/shadow", "root:*:\n", 0o640), tmp_path, base)

    shadow = (tmp_path / "etc/shadow").stat()
    assert (shadow.st_mode & 0o777, shadow.st_uid, shadow.st_gid) == (0o640, 0, 42)


def test_a_link_is_laid_as_a_link(base: Path, tmp_path: Path) -> None:
    lay(HostLink("/etc/systemd/system/swap.target.wants/x.swap", "/etc/systemd/system/x.swap"), tmp_path, base)

    laid = tmp_path / "etc/systemd/system/swap.target.wants/x.swap"
    assert laid.readlink() == Path("/etc/systemd/system/x.swap")
