"""The host's CNI configuration, and what a pod network of before left."""

from bootstrap.facts.kubeadm import FLANNEL_SUBNET, KUBELET_CONF
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output


def _configs(out: Output) -> Answer[tuple[str, ...]]:
    names = out.stdout.splitlines()
    return Known(tuple(sorted(name for name in names if name.endswith((".conf", ".conflist", ".json")))))


# Names of the files that containerd looks at, in its order (libcni ConfFiles); empty when there is no such folder.
CNI_CONFIGS: Fact[tuple[str, ...]] = Fact("cni-configs", "ls /etc/cni/net.d 2>/dev/null; true", _configs)


FLANNEL_CONFIG = "10-flannel.conflist"
FLANNEL_LINKS = ("cni0", "flannel.1")
# The CNI plugin's own notes: the addresses that pods of the network "cbr0" hold, and flannel's of each pod.
FLANNEL_STATE = ("/var/lib/cni/networks/cbr0", "/var/lib/cni/flannel")
KUBE_PROXY_TABLES = ("ip kube-proxy", "ip6 kube-proxy")
PACKET_RULES = "packet filter rules of flannel and kube-proxy"


def _leftovers(out: Output) -> Answer[tuple[str, ...]]:
    return Absent("it is a node") if out.exit_code == ABSENT_CODE else Known(tuple(out.stdout.splitlines()))


# On a host that is no node: each thing of flannel's and kube-proxy's that is there, one a line. An interface by its
# name, a file or folder by its path, a table of nftables as `nft list tables` has it, or PACKET_RULES.
LEFTOVERS: Fact[tuple[str, ...]] = Fact(
    "network-leftovers",
    f"[ ! -e {KUBELET_CONF} ] || exit {ABSENT_CODE}\n"
    f'for link in {" ".join(FLANNEL_LINKS)}; do ip link show dev "$link" >/dev/null 2>&1 && echo "$link"; done\n'
    f"for path in /etc/cni/net.d/{FLANNEL_CONFIG} {FLANNEL_SUBNET} {' '.join(FLANNEL_STATE)}; do\n"
    '    [ ! -e "$path" ] || echo "$path"\ndone\n'
    "nft list tables 2>/dev/null | sed -n 's/^table \\(ip6\\{0,1\\} kube-proxy\\)$/\\1/p'\n"
    f"iptables-save 2>/dev/null | grep -q -e '^:FLANNEL-' -e '^:KUBE-' && echo '{PACKET_RULES}'\ntrue",
    _leftovers,
    answers=frozenset({0, ABSENT_CODE}),
)
