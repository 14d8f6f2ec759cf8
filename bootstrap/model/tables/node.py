"""What Kubernetes and its parts ask of a host's kernel and hardware; checked 2026-11."""

# kubernetes.io/docs/setup/production-environment/container-runtimes ("Prerequisites"); overlay is containerd's
# default snapshotter, br_netfilter lets iptables and nftables see packets between pods of one host (flannel README).
MODULES = ("overlay", "br_netfilter")

# The same page, and flannel's docs/troubleshooting.md for the bridge.
SYSCTLS = {
    "net.ipv4.ip_forward": 1,
    "net.bridge.bridge-nf-call-iptables": 1,
    "net.bridge.bridge-nf-call-ip6tables": 1,
}

# At least these. 128 is the kernel's default: kubelet, containerd and a few pods that watch files use it up
# ("too many open files"; kind.sigs.k8s.io/docs/user/known-issues names the same cure).
AT_LEAST = {"fs.inotify.max_user_instances": 8192}

# kubeadm's preflight: ControlPlaneNumCPU = 2, ControlPlaneMem = 1700 MB (cmd/kubeadm/app/constants/constants.go).
# A worker: kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm asks 2 GB "or more"; kubelet,
# containerd, kube-proxy and flannel were seen to live in 400 MiB, so less than 1 GB is what we refuse.
MINIMUM_CPUS = {"control-plane": 2, "worker": 1}
MINIMUM_MEMORY_MB = {"control-plane": 1700, "worker": 1000}

# Free MB by path, on a host that is no node yet; paths on one mount are summed. Measured on a lab host on 2026-11-21:
# 822 MB in /var/lib/containerd after the import of all images, 275 MB of programs, 180 MB of archives on their way in.
# Room to run in is added; kubelet evicts pods below 10 % (nodefs.available) whatever is free here.
MINIMUM_DISK_MB = {
    "/var/lib/containerd": 1500,
    "/var/lib/kubelet": 500,
    "/var/lib/etcd": 500,
    "/var/lib/kboot": 400,
    "/usr": 500,
    "/var/log": 200,
}

# The part of it that is what kboot brings, by the same measurement: what is there already needs no room again.
IMAGES_MB, PROGRAMS_MB = 800, 275
