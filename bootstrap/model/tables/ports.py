"""Ports of a cluster: who listens, and who must reach them. Checked 2026-11.

Sources: kubernetes.io/docs/reference/networking/ports-and-protocols; flannel Documentation/backends.md (vxlan);
metrics-server README and its releases (10250 since 0.7, 4443 before and with hostNetwork).
10257 and 10259 (controller-manager, scheduler) listen on 127.0.0.1 and are never opened.
"""

API_SERVER = 6443
ETCD = (2379, 2380)
KUBELET = 10250
KUBE_PROXY_HEALTH = 10256
CONTROLLER_MANAGER = 10257
SCHEDULER = 10259
METRICS_SERVER_OLD = 4443
FLANNEL_VXLAN = 8472

# TCP ports that kubeadm and its components take on a host, with the process that may hold each on a member of ours.
TAKEN: dict[str, dict[int, str]] = {
    "control-plane": {
        API_SERVER: "kube-apiserver",
        ETCD[0]: "etcd",
        ETCD[1]: "etcd",
        KUBELET: "kubelet",
        KUBE_PROXY_HEALTH: "kube-proxy",
        CONTROLLER_MANAGER: "kube-controller",
        SCHEDULER: "kube-scheduler",
    },
    "worker": {KUBELET: "kubelet", KUBE_PROXY_HEALTH: "kube-proxy"},
}
