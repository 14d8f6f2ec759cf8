"""What of the bundle a host still lacks, and how its packages get there."""

from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.facts.packages import PACKAGES, Package
from bootstrap.facts.system import SYSTEM
from bootstrap.model.action import Action, PutBlob, RemoveFile
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Waiting
from bootstrap.model.fact import Facts
from bootstrap.model.lock import Lock, LockedFile
from bootstrap.model.target import Target
from bootstrap.steps.runtime import apt
from bootstrap.steps.unread import unread

KUBERNETES = ("kubelet", "kubeadm", "kubectl", "kubernetes-cni")
FACTS = (SYSTEM, PACKAGES)
BUILD_ONE = "make a bundle with `kboot bundle build` and name its folder in the inventory (cluster.bundle)"


@dataclass(frozen=True)
class Supply:
    """The bundle's packages for one host's role and release, beside what the host has."""

    lock: Lock
    release: str
    role_packages: tuple[LockedFile, ...]
    to_install: tuple[str, ...]
    installed: Mapping[str, Package]

    def has(self, file: LockedFile) -> bool:
        """Whether the host has this package in this version."""
        found = self.installed.get(file.name)
        return found is not None and found.installed and found.version == file.version

    def is_own(self, name: str) -> bool:
        """Whether this package comes from the bundle, so that installing it again mends it."""
        return any(file.name == name for file in self.role_packages)

    def has_any(self, name: str) -> bool:
        """Whether the host has the package, in whatever version."""
        found = self.installed.get(name)
        return found is not None and found.installed

    def version(self, name: str) -> str:
        """The bundle's version of a package of this role."""
        return next(file.version for file in self.role_packages if file.name == name)


def supply(target: Target, facts: Facts) -> Supply | Blocked | Waiting:
    """Needs FACTS. Blocked without a bundle, or with one that has nothing for the host's release."""
    lock = target.wanted.lock
    if lock is None:
        return Blocked(
            Code.NO_PACKAGE_SOURCE,
            "the inventory names no bundle, and installing from the public repositories is not built yet",
            BUILD_ONE,
        )
    system, packages = (facts(target.asked, fact) for fact in FACTS)
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
    return Supply(lock, release, wanted, needs.install, packages.value if isinstance(packages, Known) else {})


def delivery(files: tuple[LockedFile, ...], packages: tuple[str, ...], release: str) -> tuple[Action, ...]:
    """Bring these .debs into the repository's folder, install from there, and take them away again.

    The index names many more packages than are brought; apt only looks for the files that it installs.
    """
    paths = [f"{apt.repository(release)}/{file.path.rpartition('/')[2]}" for file in files]
    put = (PutBlob(file.sha256, file.size_bytes, path) for file, path in zip(files, paths, strict=True))
    return (*put, apt.finish(), apt.install(packages), *map(RemoveFile, paths))
