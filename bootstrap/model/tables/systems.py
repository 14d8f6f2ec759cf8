"""Operating systems and machines that kboot is made for; checked 2026-11.

Kubernetes asks for "a compatible Linux host" and provides packages for Debian and Red Hat families (kubernetes.io/docs/
setup/production-environment/tools/kubeadm/install-kubeadm); these are the releases with security updates.
"""

SYSTEMS = {"debian": ("12", "13"), "ubuntu": ("22.04", "24.04", "25.10", "26.04")}

# `uname -m` -> the name that Debian, Go and container images use.
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}

# kubelet refuses cgroup v1 unless `failCgroupV1: false` from this minor on (KEP-4569; CHANGELOG-1.35).
CGROUP_V1_REFUSED_SINCE = (1, 35)
