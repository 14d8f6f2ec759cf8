"""What is to be built."""

from dataclasses import dataclass
from pathlib import Path

from bootstrap.bundle.make.release import Release
from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.tables.versions import VERSIONS, Versions


@dataclass(frozen=True)
class Order:
    """One bundle: versions, architecture, the release its packages are for, its addons, and where it goes."""

    versions: Versions
    architecture: str
    release: Release
    addons: tuple[AddonFile, ...]
    output: Path


def known_versions(kubernetes: str) -> Versions:
    """Raises KB1205 for a Kubernetes version that is not in the table."""
    found = VERSIONS.get(kubernetes)
    if found is None:
        raise KbootError(
            Code.BUNDLE_VERSION_UNKNOWN,
            f"kboot has no recipe for Kubernetes {kubernetes}",
            advice=f"take one of {', '.join(VERSIONS)}, or add it to bootstrap/model/tables/versions.py",
            exit_code=ExitCode.USAGE,
        )
    return found
