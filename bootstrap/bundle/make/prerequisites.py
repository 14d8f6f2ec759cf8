"""Programs that a build needs on this machine; what is missing is installed from its own package lists."""

import os
import shutil
from pathlib import Path

from bootstrap.bundle.make.command import output_of
from bootstrap.bundle.make.progress import Note, Observer
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

_PROGRAMS = {
    "gcc": "gcc",
    "dpkg-deb": "dpkg",
    "apt-ftparchive": "apt-utils",
    "gpg": "gnupg",
    "zstd": "zstd",
    "xz": "xz-utils",
    "pkg-config": "pkg-config",
}
_FILES = {
    Path("/usr/include/seccomp.h"): "libseccomp-dev",
    Path("/usr/include/stdlib.h"): "libc6-dev",
    Path("/etc/ssl/certs/ca-certificates.crt"): "ca-certificates",
}


def missing_packages() -> tuple[str, ...]:
    """Debian packages without which a build would fail, sorted."""
    programs = {package for program, package in _PROGRAMS.items() if not shutil.which(program)}
    files = {package for path, package in _FILES.items() if not path.exists()}
    return tuple(sorted(programs | files))


def install_missing(observer: Observer) -> None:
    """Install what is missing, saying so. Raises KB1206 without root, KB1207 when apt fails."""
    missing = missing_packages()
    if not missing:
        return
    if os.geteuid() != 0:
        raise KbootError(
            Code.BUNDLE_TOOL_MISSING,
            f"building a bundle needs packages that are not installed: {' '.join(missing)}",
            where="this machine",
            advice=f"sudo apt-get install {' '.join(missing)}",
        )
    observer(Note(f"installing on this machine: {' '.join(missing)}"))
    output_of(["apt-get", "update", "-qq"], timeout_s=600)
    output_of(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], timeout_s=1200)
