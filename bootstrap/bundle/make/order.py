"""What is to be built."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.tables.systems import Release
from bootstrap.model.tables.versions import VERSIONS, Versions


@dataclass(frozen=True)
class Order:
    """One bundle: Kubernetes versions, architecture, the releases its packages are for, its addons, where it goes.

    `machine` is the release on which it is built: layers of images are made of that one's packages.
    """

    versions: tuple[Versions, ...]
    architecture: str
    releases: tuple[Release, ...]
    machine: Release
    addons: tuple[AddonFile, ...]
    output: Path


def known_versions(kubernetes: Sequence[str]) -> tuple[Versions, ...]:
    """Each once, in the order given. Raises KB1205 for a Kubernetes version that is not in the table."""
    if strange := [version for version in kubernetes if version not in VERSIONS]:
        raise KbootError(
            Code.BUNDLE_VERSION_UNKNOWN,
            f"kboot has no recipe for Kubernetes {', '.join(strange)}",
            advice=f"take one of {', '.join(VERSIONS)}, or add it to bootstrap/model/tables/versions.py",
            exit_code=ExitCode.USAGE,
        )
    return tuple(VERSIONS[version] for version in dict.fromkeys(kubernetes))
