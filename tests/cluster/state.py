"""The end state of a cluster, asserted by kubectl and testinfra: what every scenario ends with."""

from typing import Any

from tests.cluster.scene import Scene

PERIOD_S = 90


def ready_nodes(scene: Scene) -> set[str]:
    """Names of the Ready nodes."""
    return {node["metadata"]["name"] for node in scene.get("nodes") if _condition(node, "Ready") == "True"}


def pods_not_running(scene: Scene) -> list[str]:
    """Pods that neither run with all containers ready nor are done, with the reason's phase."""
    return [
        f"{pod['metadata']['namespace']}/{pod['metadata']['name']}: {pod['status'].get('phase')}"
        for pod in scene.get("pods", "-A")
        if pod["status"].get("phase") != "Succeeded" and _condition(pod, "Ready") != "True"
    ]


def measured_nodes(scene: Scene) -> set[str]:
    """Nodes for which `kubectl top nodes` answers."""
    lines = scene.kubectl("top", "nodes", "--no-headers").splitlines()
    return {line.split()[0] for line in lines if line and "unknown" not in line}


def assert_whole(scene: Scene, *hosts: str) -> None:
    """Exactly these hosts are Ready nodes, every pod runs, metrics answer for nodes and pods, no join token lives."""
    assert ready_nodes(scene) == set(hosts)
    assert pods_not_running(scene) == []
    assert measured_nodes(scene) == set(hosts)
    assert "coredns" in scene.kubectl("top", "pods", "-A")
    assert join_tokens(scene) == []
    for host in hosts:
        seen = scene.host(host)
        assert seen.service("kubelet").is_running
        assert seen.service("kubelet").is_enabled
        assert seen.service("containerd").is_running
        assert not seen.file("/etc/kubernetes/bootstrap-kubelet.conf").exists
        held = seen.check_output("apt-mark showhold").split()
        assert {"kubeadm", "kubelet", "kubectl"} <= set(held)


def join_tokens(scene: Scene) -> list[str]:
    """Names of the bootstrap tokens that live."""
    chosen = scene.get("secrets", "-n", "kube-system", "--field-selector", "type=bootstrap.kubernetes.io/token")
    return [secret["metadata"]["name"] for secret in chosen]


def _condition(thing: dict[str, Any], kind: str) -> str:
    conditions = thing["status"].get("conditions", [])
    return next((one["status"] for one in conditions if one["type"] == kind), "missing")
