"""What apt says is understood."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bootstrap.bundle.make import debian
from bootstrap.bundle.make.debian import Apt, Chosen

_POOL = "http://deb.example.invalid/pool/main"


def _line(file: str) -> str:
    return f"'{_POOL}/{file}' {file} 1234 MD5Sum:f6f1b0b4181aead8e1a5b1258f63f501\n"


BASH, SOCAT = "bash_5.2.15-2+b7_amd64.deb", "socat_1.7.4.4-2_amd64.deb"
CONNTRACK, LIBC = "conntrack_1%3a1.4.7-1+b2_amd64.deb", "libc6_2.36-9+deb12u14_amd64.deb"


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Apt:
    """An apt that would install bash and libc6 on a minimal host, and more when asked for more."""

    def answers(argv: Sequence[str], **_given: object) -> str:
        wanted = [file for name, file in (("socat", SOCAT), ("conntrack", CONNTRACK)) if name in argv]
        return "Reading package lists...\n" + "".join(map(_line, [BASH, LIBC, *wanted]))

    monkeypatch.setattr(debian, "output_of", answers)
    return Apt(tmp_path, "amd64")


def test_packages_are_read_with_their_epochs(apt: Apt) -> None:
    assert Chosen("conntrack", "1:1.4.7-1+b2", "amd64") in apt.closure(["conntrack"])


def test_what_every_host_has_is_left_out(apt: Apt) -> None:
    assert [chosen.name for chosen in apt.beyond_minimal(["conntrack", "socat"])] == ["conntrack", "socat"]


def test_what_was_asked_for_by_name_is_kept_even_when_every_host_has_it(apt: Apt) -> None:
    assert [chosen.name for chosen in apt.beyond_minimal(["libc6", "socat"])] == ["libc6", "socat"]


def test_downloaded_files_carry_no_percent_sign(apt: Apt, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / CONNTRACK).touch()
    apt.download([Chosen("conntrack", "1:1.4.7-1+b2", "amd64")], out)
    assert [path.name for path in out.iterdir()] == ["conntrack_1.4.7-1+b2_amd64.deb"]
