"""The Debian or Ubuntu release for which packages are collected: the one this machine runs."""

import platform
import shutil
from dataclasses import dataclass

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError


@dataclass(frozen=True)
class Release:
    """debian 12 bookworm, ubuntu 24.04 noble."""

    id: str
    version_id: str
    codename: str


def this_release() -> Release:
    """From /etc/os-release; raises KB1206 on a machine without apt."""
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        told = {}
    codename = told.get("VERSION_CODENAME", "")
    if not codename or not shutil.which("apt-get"):
        raise KbootError(
            Code.BUNDLE_TOOL_MISSING,
            "building a bundle needs a Debian or Ubuntu machine: its packages come from there",
            where="this machine",
            evidence=f"os-release says {told.get('PRETTY_NAME', 'nothing')}",
            advice="build it on a machine of the release that the hosts run",
        )
    return Release(told.get("ID", "debian"), told.get("VERSION_ID", ""), codename)
