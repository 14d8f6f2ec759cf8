"""What in the cache may go."""

from pathlib import Path

from bootstrap.model.unwanted import Unwanted


def test_a_file_with_two_names_is_as_large_as_one(tmp_path: Path) -> None:
    (tmp_path / "apt/trixie").mkdir(parents=True)
    (tmp_path / "one.deb").write_bytes(b"0" * 1000)
    (tmp_path / "apt/trixie/one.deb").hardlink_to(tmp_path / "one.deb")
    (tmp_path / "apt/two.deb").write_bytes(b"0" * 10)
    assert Unwanted.of(tmp_path, "a bundle").size_bytes == 1010
