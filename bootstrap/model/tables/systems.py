"""Operating systems and machines that kboot is made for; checked 2026-11.

Kubernetes asks for "a compatible Linux host" and provides packages for Debian and Red Hat families (kubernetes.io/docs/
setup/production-environment/tools/kubeadm/install-kubeadm); these are the releases with security updates. Code names:
debian.org/releases, ubuntu.com/about/release-cycle.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """debian 12 bookworm, ubuntu 24.04 noble."""

    id: str
    version_id: str
    codename: str


RELEASES = (
    Release("debian", "12", "bookworm"),
    Release("debian", "13", "trixie"),
    Release("ubuntu", "22.04", "jammy"),
    Release("ubuntu", "24.04", "noble"),
    Release("ubuntu", "25.10", "questing"),
    Release("ubuntu", "26.04", "resolute"),
)
SYSTEMS = {
    name: tuple(release.version_id for release in RELEASES if release.id == name) for name in ("debian", "ubuntu")
}

# `uname -m` -> the name that Debian, Go and container images use.
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}

# kubelet refuses cgroup v1 unless `failCgroupV1: false` from this minor on (KEP-4569; CHANGELOG-1.35).
CGROUP_V1_REFUSED_SINCE = (1, 35)
