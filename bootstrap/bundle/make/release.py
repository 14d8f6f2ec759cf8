"""The Debian or Ubuntu releases for which packages are collected."""

import platform
import shutil
from collections.abc import Sequence

from bootstrap.bundle.make.command import output_of
from bootstrap.model.apt_sources import LISTED, sources_for
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.tables.systems import RELEASES, Release


def this_release() -> Release:
    """The one that this machine runs, from /etc/os-release; raises KB1206 on a machine without apt."""
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


def wanted_releases(asked: Sequence[str], machine: Release) -> tuple[Release, ...]:
    """Those asked for by code name; by default this machine's own, and on Debian all that the lab's hosts may run.

    Raises KB1214 for one whose packages this machine has no way to: only Debian's releases share their mirrors.
    """
    if not asked:
        return tuple(dict.fromkeys((machine, *_debians()))) if machine in _debians() else (machine,)
    known = {release.codename: release for release in (*_debians(), machine)}
    if strange := [name for name in asked if name not in known]:
        raise KbootError(
            Code.BUNDLE_RELEASE_UNKNOWN,
            f"this machine cannot fetch packages of {', '.join(strange)}",
            where="--release",
            advice=f"take one of {', '.join(known)}, or build the bundle on a machine that runs {strange[0]}",
            exit_code=ExitCode.USAGE,
        )
    return tuple(known[name] for name in dict.fromkeys(asked))


def sources_of(release: Release, machine: Release) -> tuple[str, ...]:
    """apt's sources for that release; none where they are the machine's own, whatever those are.

    Raises KB1214 when this machine names no mirror that would have the release.
    """
    if release.codename == machine.codename:
        return ()
    found = sources_for(release.codename, output_of(LISTED))
    if not found:
        raise out_of_reach(release, machine, f"this machine's apt knows no mirror of {release.id}")
    return found


def out_of_reach(release: Release, machine: Release, evidence: str) -> KbootError:
    """KB1214: nothing of that release can be had here, and how to go on."""
    return KbootError(
        Code.BUNDLE_RELEASE_UNKNOWN,
        f"this machine cannot fetch packages of {release.codename}",
        where="this machine's apt sources",
        evidence=evidence,
        advice=f"run apt-get update; name a mirror of {release.codename} in /etc/apt/sources.list.d; or leave the "
        f"release out: kboot bundle build --release {machine.codename}",
    )


def _debians() -> tuple[Release, ...]:
    return tuple(release for release in RELEASES if release.id == "debian")
