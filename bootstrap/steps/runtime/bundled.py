"""What of the bundle a host still lacks, and how its packages get there."""

from dataclasses import dataclass

from bootstrap.facts.packages import PACKAGES
from bootstrap.facts.system import SYSTEM
from bootstrap.model.action import Action, PutBlob, RemoveFile
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Waiting
from bootstrap.model.fact import Facts
from bootstrap.model.lock import Lock, LockedFile
from bootstrap.model.tables.sources import KUBERNETES_PACKAGES, UPSTREAM_PACKAGES
from bootstrap.model.target import Target
from bootstrap.steps.runtime import apt
from bootstrap.steps.runtime.supply import Supply
from bootstrap.steps.unread import unread


@dataclass(frozen=True)
class Bundled(Supply):
    """The bundle's packages: each in one version, sent over SSH."""

    lock: Lock
    release: str
    role_packages: tuple[LockedFile, ...]

    def in_version(self, name: str) -> bool:
        """In exactly the bundle's version."""
        return any(file.name == name and self._is_here(file) for file in self.role_packages)

    def version(self, name: str) -> str:
        """The bundle's, of a package that kboot names by version; empty for the distribution's: newer ones do."""
        own = (file.version for file in self.role_packages if file.name == name and name in UPSTREAM_PACKAGES)
        return next(own, "")

    def is_own(self, name: str) -> bool:
        """Whether it comes from the bundle."""
        return any(file.name == name for file in self.role_packages)

    def delivery(self, names: tuple[str, ...]) -> tuple[Action, ...]:
        """Bring .debs into the repository's folder, install from there, and take them away again.

        The index names many more packages than are brought; apt only looks for the files that it installs. Around
        containerd all that is not there, or another version, is brought: apt may need the newer one of a dependency.
        """
        kubernetes = all(name in KUBERNETES_PACKAGES for name in names)
        files = [
            file
            for file in self.role_packages
            if (file.name in names if kubernetes else file.name not in KUBERNETES_PACKAGES and not self._is_whole(file))
        ]
        words = tuple(f"{name}={version}" if (version := self.version(name)) else name for name in names)
        return self._brought(files, words, again=bool(self.lost(names)))

    def of_distribution(self, name: str) -> tuple[Action, ...] | None:
        """With all of the release's own packages that the host lacks: a lock does not say which of them it draws in."""
        files = [
            file
            for file in self.lock.files
            if file.kind == "package"
            and file.release == self.release
            and file.name not in UPSTREAM_PACKAGES
            and not self.has_any(file.name)
        ]
        return self._brought(files, (name,)) if any(file.name == name for file in files) else None

    def _brought(self, files: list[LockedFile], words: tuple[str, ...], *, again: bool = False) -> tuple[Action, ...]:
        paths = [f"{apt.repository(self.release)}/{file.path.rpartition('/')[2]}" for file in files]
        put = (PutBlob(file.sha256, file.size_bytes, path) for file, path in zip(files, paths, strict=True))
        return (*put, apt.finish(), apt.install(words, again=again), *map(RemoveFile, paths))

    def _is_whole(self, file: LockedFile) -> bool:
        return self._is_here(file) and not self.lost((file.name,))

    def _is_here(self, file: LockedFile) -> bool:
        found = self.installed.get(file.name)
        return found is not None and found.installed and found.version == file.version


def bundled(lock: Lock, target: Target, facts: Facts) -> Bundled | Blocked | Waiting:
    """Needs SYSTEM and PACKAGES. Blocked by a bundle that has nothing for the host's release."""
    system, packages = facts(target.asked, SYSTEM), facts(target.asked, PACKAGES)
    if waiting := unread(system, packages):
        return waiting
    release = system.value.codename if isinstance(system, Known) else "an unknown release"
    if release not in lock.releases:
        return Blocked(
            Code.RELEASE_NOT_BUNDLED,
            f"the bundle has packages for {', '.join(lock.releases)}, and {target.name} runs {release}",
            f"build a bundle that has it: kboot bundle build --release {release}, or on a machine that runs it",
        )
    needs = lock.roles[target.machine.role]
    files = tuple(file for file in lock.files if file.kind == "package" and file.release == release)
    wanted = tuple(file for file in files if file.name in needs.packages)
    installed = packages.value if isinstance(packages, Known) else {}
    return Bundled(needs.install, installed, lock, release, wanted)
