"""Where upstream publishes packages, and the keys that sign them; checked 2026-11-21.

Kubernetes: kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm: one flat repository a minor,
its key beside it as Release.key (the same key for all; it may expire on 2026-12-29, and was prolonged before).
containerd.io: docs.docker.com/engine/install/debian and .../ubuntu: BASE/<id>, its key as gpg (it never expires).
"""

KUBERNETES_URL = "https://pkgs.k8s.io"
KUBERNETES_KEY = "DE15B14486CD377B9E876E1A234654DA9A296436"
CONTAINERD_URL = "https://download.docker.com/linux"
CONTAINERD_KEY = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"

# Packages of those repositories by their names there.
KUBERNETES_PACKAGES = ("kubelet", "kubeadm", "kubectl", "kubernetes-cni")
CONTAINERD_PACKAGE = "containerd.io"
# Both, unlike those of the distribution.
UPSTREAM_PACKAGES = (CONTAINERD_PACKAGE, *KUBERNETES_PACKAGES)

# kubelet 1.36 asks containerd for RuntimeConfig of the CRI, which 1.x has not (KEP-4033); the newest 2.x is installed,
# and one that is there is left alone.
CONTAINERD_MAJOR = 2

# What kubeadm's preflight and kubelet start, by their names in Debian and Ubuntu (cmd/kubeadm/app/preflight/checks.go,
# "InPathCheck"); conntrack is kube-proxy's in its iptables mode, socat the CRI's for port-forward.
PROGRAMS = ("conntrack", "ethtool", "iproute2", "iptables", "mount", "socat", "util-linux")
