"""Packages built here are what dpkg expects, and the same every time."""

import os
import shutil
from pathlib import Path

import pytest

from bootstrap.bundle.make.command import output_of
from bootstrap.bundle.make.deb import Content, Package, build_package, file_name
from bootstrap.bundle.make.debfile import content_of, licence_of, read_deb

pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")
PACKAGE = Package(
    "demo",
    "1:1.0-1.1",
    "A demonstration",
    "example.invalid/demo@v1.0.0",
    "Apache-2.0",
    (
        Content("/usr/bin/demo", 0o755, "part", "demo"),
        Content("/etc/demo.conf", text="a=1\n"),
        Content("/var/lib/demo/.keep"),
    ),
    relations=(("Depends", "libc6 (>= 2.34)"), ("Conflicts", "other")),
    conffiles=("/etc/demo.conf",),
    scripts=(("postinst", "#!/bin/sh\nexit 0\n"),),
)


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Path]:
    part = tmp_path / "part"
    part.mkdir()
    (part / "demo").write_bytes(b"program")
    (part / "LICENSE").write_text("Format: https://www.debian.org/doc/\nLicense: Apache-2.0\n")
    return {"part": part}


def _built(inputs: dict[str, Path], folder: Path) -> Path:
    folder.mkdir()
    return build_package(PACKAGE, inputs, "amd64", folder)


def test_control_says_name_version_and_relations(inputs: dict[str, Path], tmp_path: Path) -> None:
    deb = _built(inputs, tmp_path / "out")
    fields = output_of(["dpkg-deb", "--field", str(deb)])
    for line in ("Package: demo", "Version: 1:1.0-1.1", "Depends: libc6 (>= 2.34)", "Conflicts: other"):
        assert line in fields.splitlines()
    assert read_deb(deb).version == "1:1.0-1.1"


def test_files_have_their_modes_and_belong_to_root_whatever_the_umask(inputs: dict[str, Path], tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        deb = _built(inputs, tmp_path / "out")
    finally:
        os.umask(before)
    with content_of(deb) as tar:
        members = {member.name: member for member in tar}
    assert members["./usr/bin/demo"].mode == 0o755
    assert members["./etc/demo.conf"].mode == 0o644
    assert members["./etc"].mode == 0o755
    assert {(member.uid, member.gid) for member in members.values()} == {(0, 0)}


def test_the_licence_travels_with_the_package(inputs: dict[str, Path], tmp_path: Path) -> None:
    assert licence_of(_built(inputs, tmp_path / "out")) == "Apache-2.0"


def test_two_builds_are_equal(inputs: dict[str, Path], tmp_path: Path) -> None:
    assert _built(inputs, tmp_path / "one").read_bytes() == _built(inputs, tmp_path / "two").read_bytes()


def test_nothing_but_the_package_is_left(inputs: dict[str, Path], tmp_path: Path) -> None:
    deb = _built(inputs, tmp_path / "out")
    assert list(deb.parent.iterdir()) == [deb]


def test_a_file_name_has_no_epoch() -> None:
    assert file_name("demo", "1:1.0-1.1", "amd64") == "demo_1.0-1.1_amd64.deb"
