"""A flat apt repository out of a folder of packages.

Source: https://wiki.debian.org/DebianRepository/Format (flat repository, Release fields, InRelease).
"""

import gzip
from pathlib import Path

from bootstrap.bundle.make.command import output_of
from bootstrap.bundle.make.signing import SigningKey

_RELEASE = "APT::FTPArchive::Release::"


def index_repository(folder: Path, codename: str, architecture: str, key: SigningKey) -> tuple[Path, ...]:
    """Write Packages, Packages.gz, Release and InRelease for the .debs in `folder`; their paths. Raises KB1207."""
    packages = folder / "Packages"
    packages.write_text(output_of(["apt-ftparchive", "packages", "."], cwd=folder, timeout_s=600))
    packed = folder / "Packages.gz"
    packed.write_bytes(gzip.compress(packages.read_bytes(), mtime=0))
    fields = {
        "Origin": "kboot",
        "Label": "kboot bundle",
        "Suite": codename,
        "Codename": codename,
        "Architectures": architecture,
    }
    options = [option for field, value in fields.items() for option in ("-o", f"{_RELEASE}{field}={value}")]
    text = output_of(["apt-ftparchive", *options, "release", "."], cwd=folder)
    release, signed = folder / "Release", folder / "InRelease"
    release.write_text(text)
    key.clearsign(release, signed)
    return packages, packed, release, signed
