"""What an admin types so that a host is no node any more: the same commands in every advice.

`kubeadm reset` leaves the CNI plugin's part to the admin (kubernetes.io/docs/reference/setup-tools/kubeadm/
kubeadm-reset); what flannel leaves was seen on a lab host on 2026-11-21. Addresses of the old network in cni0, in
flannel's note and in its CNI file would fail the next cluster's pods.
"""

from bootstrap.facts.kubeadm import FLANNEL_SUBNET

FLANNEL_CONFIG = "10-flannel.conflist"
FLANNEL_LINKS = ("cni0", "flannel.1")
CLEAR_FLANNEL = "; ".join(
    (
        *(f"sudo ip link delete {link}" for link in FLANNEL_LINKS),
        f"sudo rm -f /etc/cni/net.d/{FLANNEL_CONFIG} {FLANNEL_SUBNET}",
    )
)
RESET = f"sudo kubeadm reset -f; {CLEAR_FLANNEL}"
