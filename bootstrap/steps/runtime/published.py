"""What the public repositories, or their mirrors, have for a host, and how its packages get there."""

import re
from dataclasses import dataclass, field

from bootstrap.facts.packages import PACKAGES
from bootstrap.facts.sources import Offer, Repository, containerd_repository, kubernetes_repository, listed, offer
from bootstrap.facts.system import SYSTEM
from bootstrap.model.action import Action
from bootstrap.model.answer import Known
from bootstrap.model.decision import Later, Waiting
from bootstrap.model.fact import Fact, Facts
from bootstrap.model.inventory import Inventory
from bootstrap.model.tables.sources import CONTAINERD_MAJOR, CONTAINERD_PACKAGE, PROGRAMS, UPSTREAM_PACKAGES
from bootstrap.model.target import Target
from bootstrap.steps.runtime import online_apt
from bootstrap.steps.runtime.supply import Supply
from bootstrap.steps.unread import unread

TRUSTED = "package-source-trusted"
# A release of the wanted major has no ~rc or ~beta before the packager's own revision.
_CONTAINERD_RELEASE = re.compile(rf"(\d+:)?{CONTAINERD_MAJOR}\.\d+\.\d+-.*")
_TO_INSTALL = (CONTAINERD_PACKAGE, "kubelet", "kubeadm", "kubectl", *PROGRAMS)


@dataclass(frozen=True)
class Source:
    """One repository of ours, and the fingerprint of the key that must sign it."""

    repository: Repository
    fingerprint: str

    @property
    def offer(self) -> Fact[Offer]:
        """What it offers."""
        return offer(self.repository)


def sources(inventory: Inventory) -> tuple[Source, Source]:
    """Kubernetes' and Docker's, or the mirrors of them that the inventory names."""
    mirrors = inventory.cluster.mirrors
    return (
        Source(kubernetes_repository(mirrors.kubernetes.url, inventory.cluster.kubernetes), mirrors.kubernetes.key),
        Source(containerd_repository(mirrors.containerd.url, CONTAINERD_MAJOR), mirrors.containerd.key),
    )


def index(inventory: Inventory) -> Fact[dict[str, tuple[str, ...]]]:
    """The versions in the copy of both indexes that apt has verified."""
    return listed(*(source.repository for source in sources(inventory)))


@dataclass(frozen=True)
class Published(Supply):
    """Kubernetes' packages in the wanted version, whatever revision; containerd.io of the major that kubelet wants.

    One that is installed stays: the next run must not upgrade what a newer index offers.
    """

    kubernetes: str
    listed: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def in_version(self, name: str) -> bool:
        """In a version that is wanted."""
        return self.has_any(name) and self.suits(name, self.installed[name].version)

    def suits(self, name: str, version: str) -> bool:
        """Whether this version of a package of ours is one that is wanted."""
        if name == CONTAINERD_PACKAGE:
            return _CONTAINERD_RELEASE.fullmatch(version) is not None
        return name == "kubernetes-cni" or version.startswith(f"{self.kubernetes}-")

    def version(self, name: str) -> str | Later:
        """The newest that suits in the index; empty for a package of the distribution."""
        if not self.is_own(name):
            return ""
        found = [version for version in self.listed.get(name, ()) if self.suits(name, version)]
        return max(found, key=_order) if found else Later(TRUSTED, f"install {name}")

    def is_own(self, name: str) -> bool:
        """Whether it comes from one of our two repositories."""
        return name in UPSTREAM_PACKAGES

    @property
    def lacking(self) -> tuple[str, ...]:
        """Packages of ours that are neither here nor in the index."""
        return tuple(name for name in UPSTREAM_PACKAGES if not self.has(name) and isinstance(self.version(name), Later))

    def delivery(self, names: tuple[str, ...]) -> tuple[Action, ...] | Later:
        """Download all that the host's role still lacks, then install `names`.

        So an altered package, or one that cannot be had, is found before the first of them is unpacked.
        """
        everything = [self.named(name) for name in dict.fromkeys((*self._missing, *names))]
        wanted = [self.named(name) for name in names]
        if later := next((one for one in (*wanted, *everything) if isinstance(one, Later)), None):
            return later
        last = set(self._missing) <= set(names)
        return online_apt.delivery(_words(everything), _words(wanted), clean=last, again=bool(self.lost(names)))

    def ahead(self) -> tuple[Action, ...]:
        """Download all that the role lacks; nothing while the index is not on the host."""
        everything = [self.named(name) for name in self._missing]
        return () if any(isinstance(one, Later) for one in everything) else online_apt.ahead(_words(everything))

    @property
    def _missing(self) -> tuple[str, ...]:
        own = (name for name in UPSTREAM_PACKAGES if not self.has(name))
        return (*own, *(name for name in self.to_install if not self.is_own(name) and not self.has_any(name)))

    def of_distribution(self, name: str) -> tuple[Action, ...] | Later:
        """From the host's own sources; apt tells when they have none of that name."""
        if not self.listed:
            return Later(TRUSTED, f"install {name}")
        return online_apt.delivery((name,), (name,), clean=False)


def published(target: Target, facts: Facts) -> Published | Waiting:
    """Needs SYSTEM, PACKAGES and `index`."""
    cluster = target.inventory.cluster
    system, packages, found = (facts(target.asked, fact) for fact in (SYSTEM, PACKAGES, index(target.inventory)))
    if waiting := unread(system, packages, found):
        return waiting
    installed = packages.value if isinstance(packages, Known) else {}
    offers = found.value if isinstance(found, Known) else {}
    return Published(_TO_INSTALL, installed, cluster.kubernetes, offers)


def _words(names: list[str | Later]) -> tuple[str, ...]:
    return tuple(name for name in names if isinstance(name, str))


def _order(version: str) -> tuple[int, ...]:
    """Enough of Debian's order for what one repository has of one package: numbers, from left to right."""
    return tuple(map(int, re.findall(r"\d+", version)))
