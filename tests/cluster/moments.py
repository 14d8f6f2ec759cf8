"""Moments of a run on a host: waiting for one from outside, and going back to before the first."""

import time

from tests.cluster.scene import Scene

UNIT = "kboot-act.service"
WATCHED_S = 300
_FRESH = r"""
systemctl stop kubelet
kubeadm reset -f >/dev/null 2>&1
for path in /etc/cni/net.d /var/lib/cni /run/flannel /etc/kubernetes /var/lib/etcd; do rm -rf "$path"; done
rm -f /etc/kboot/init* /root/.kube/config /home/admin/.kube/config
for link in cni0 flannel.1; do ip link delete "$link" 2>/dev/null; done
nft flush ruleset 2>/dev/null
iptables -F 2>/dev/null; iptables -t nat -F 2>/dev/null
exit 0
"""


def fresh(scene: Scene, *hosts: str) -> None:
    """No cluster, whatever the test before left: what an admin does by hand, named path by named path."""
    for host in hosts:
        scene.sh(host, _FRESH)


def until(scene: Scene, host: str, condition: str) -> None:
    """Ask a host until the shell condition holds there; bounded."""
    began = time.monotonic()
    scene.sh(host, f"i=0; until {condition}; do i=$((i+1)); [ $i -lt 6000 ] || exit 1; sleep 0.05; done")
    assert time.monotonic() - began < WATCHED_S
