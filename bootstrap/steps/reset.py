"""What an admin types so that a host is no node any more: the same commands in every advice.

`kubeadm reset` leaves the CNI plugin's part and the packet filter to the admin (kubernetes.io/docs/reference/
setup-tools/kubeadm/kubeadm-reset); what flannel and kube-proxy leave was seen on a lab host on 2026-11-21. Addresses
of the old network in cni0, in flannel's note and in its CNI file would fail the next cluster's pods; kube-proxy's old
table sends the API's service address to the old API server.
"""

from collections.abc import Iterable

from bootstrap.facts.cni import FLANNEL_CONFIG, FLANNEL_LINKS, FLANNEL_STATE, KUBE_PROXY_TABLES, PACKET_RULES
from bootstrap.facts.kubeadm import FLANNEL_SUBNET

_FILES = (f"/etc/cni/net.d/{FLANNEL_CONFIG}", FLANNEL_SUBNET, *FLANNEL_STATE)
_RULES = "sudo iptables-save | grep -v -e FLANNEL- -e KUBE- | sudo iptables-restore"
_EVERYTHING = (*FLANNEL_LINKS, *_FILES, *KUBE_PROXY_TABLES, PACKET_RULES)


def commands(leftovers: Iterable[str]) -> str:
    """One line of shell that takes these away (words of the fact LEFTOVERS); what is not there does not stop it."""
    found = set(leftovers)
    lines = [f"sudo ip link delete {link}" for link in FLANNEL_LINKS if link in found]
    if files := [path for path in _FILES if path in found]:
        lines.append(f"sudo rm -rf {' '.join(files)}")
    lines += [f"sudo nft delete table {table}" for table in KUBE_PROXY_TABLES if table in found]
    return "; ".join([*lines, *([_RULES] if PACKET_RULES in found else [])])


CLEAR_NETWORK = commands(_EVERYTHING)
RESET = f"sudo kubeadm reset -f; {CLEAR_NETWORK}"
