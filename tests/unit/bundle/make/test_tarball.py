"""Tar files depend on nothing but their content."""

import os
import tarfile
import tempfile
from itertools import permutations
from pathlib import Path

from bootstrap.bundle.make.tarball import Entry, write_tar


def _tar(entries: list[Entry]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.tar"
        write_tar(out, entries)
        return out.read_bytes()


def test_the_order_in_which_entries_are_given_does_not_matter() -> None:
    paths = ("usr/bin/a", "usr/bin/b", "usr/bin-x/c", "etc/passwd", "z")
    assert len({_tar([Entry(path, text=b"x") for path in order]) for order in permutations(paths)}) == 1


def test_equal_content_gives_equal_bytes_whatever_the_files_are_dated(tmp_path: Path) -> None:
    written = []
    for name, date in (("one", 1), ("two", 1_700_000_000)):
        source = tmp_path / name
        source.write_bytes(b"program")
        os.utime(source, (date, date))
        written.append(_tar([Entry("bin/program", source=source), Entry("bin/link", link="program")]))
    assert written[0] == written[1]


def test_other_content_gives_other_bytes() -> None:
    assert _tar([Entry("a", text=b"x")]) != _tar([Entry("a", text=b"y")])


def test_every_directory_above_an_entry_stands_before_it(tmp_path: Path) -> None:
    write_tar(tmp_path / "out.tar", [Entry("usr/local/bin/etcd", text=b""), Entry("tmp", 0o1777)])
    with tarfile.open(tmp_path / "out.tar") as tar:
        members = {member.name: member for member in tar}
    assert list(members) == ["tmp", "usr", "usr/local", "usr/local/bin", "usr/local/bin/etcd"]
    assert members["usr/local"].isdir()
    assert members["usr"].mode == 0o755
    assert members["tmp"].mode == 0o1777
    assert {(member.uid, member.gid, member.mtime) for member in members.values()} == {(0, 0, 0)}
