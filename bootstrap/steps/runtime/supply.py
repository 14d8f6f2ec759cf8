"""What a host's role needs of packages, what the host has of them, and how the rest gets there."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.facts.packages import Package
from bootstrap.model.action import Action
from bootstrap.model.decision import Later


@dataclass(frozen=True)
class Supply(ABC):
    """The packages for one host's role and release, from wherever they come, beside what the host has."""

    to_install: tuple[str, ...]
    installed: Mapping[str, Package]

    @abstractmethod
    def in_version(self, name: str) -> bool:
        """Whether the host has this package in a version that is wanted."""

    @abstractmethod
    def version(self, name: str) -> str | Later:
        """The version that would be installed; Later while the source's index is not on the host."""

    @abstractmethod
    def is_own(self, name: str) -> bool:
        """Whether this package is one of those, so that installing it again mends it."""

    @abstractmethod
    def delivery(self, names: tuple[str, ...]) -> tuple[Action, ...] | Later:
        """Bring these packages to the host and install them."""

    def ahead(self) -> tuple[Action, ...]:
        """Fetch and verify what will be installed, while that still stands which gives way to it.

        Nothing with a bundle: its files were compared with the signed lock before the run began.
        """
        return ()

    @abstractmethod
    def of_distribution(self, name: str) -> tuple[Action, ...] | Later | None:
        """Install a package that no role names, in the version that there is; None when there is none."""

    def has(self, name: str) -> bool:
        """Whether the host has this package in a version that is wanted, and none of its programs is gone."""
        return self.in_version(name) and not self.lost((name,))

    def lost(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Programs and units of these packages that somebody deleted; installing them again brings them back."""
        return tuple(path for name in names if self.has_any(name) for path in self.installed[name].lost)

    def has_any(self, name: str) -> bool:
        """Whether the host has the package, in whatever version."""
        found = self.installed.get(name)
        return found is not None and found.installed

    def why(self, names: tuple[str, ...]) -> str:
        """What of these packages is gone, for a summary; mostly empty."""
        lost = self.lost(names)
        return f", for {', '.join(lost)} {'are' if len(lost) > 1 else 'is'} gone" if lost else ""

    def named(self, name: str) -> str | Later:
        """NAME=VERSION for a package of ours, NAME alone for one of the distribution, as apt takes it."""
        version = self.version(name)
        return version if isinstance(version, Later) else f"{name}={version}" if version else name
