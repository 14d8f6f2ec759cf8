"""A node of an earlier cluster after `kubeadm reset -f`: the pod network and kube-proxy's rules stay.

`kubeadm reset` leaves the CNI plugin's files and interfaces, the packet filter and kubeconfigs to the admin, and says
so. The next cluster's pods then fail ("cni0 already has an IP address different from ..."), and the old kube-proxy's
table sends the service address of the API to an API server that is gone. As after a real reset the interfaces, the
rules and what lies in /run go with the next boot; the files stay. Packages, images and the node's entry in the old
cluster are not a part of this. kboot refuses with the list and the commands: `kboot explain no-foreign-cluster`.
"""

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.spec import USER
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

# What flannel 0.28.4 installed on a lab host on 2026-11-21 for pods in 10.244.0.0/16, this node's in 10.244.0.0/24.
CONFLIST = """\
{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "plugins": [
    {"type": "flannel", "delegate": {"hairpinMode": true, "isDefaultGateway": true}},
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
"""
SUBNET = "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.0.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n"
KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: kubernetes, cluster: {server: "https://10.77.0.250:6443"}}]
contexts: [{name: kubernetes-admin@kubernetes, context: {cluster: kubernetes, user: kubernetes-admin}}]
current-context: kubernetes-admin@kubernetes
users: [{name: kubernetes-admin, user: {}}]
"""
ONCE = f"""\
pods=10.244.0.0/16 own=10.244.0.0/24
if ! ip link show cni0 >/dev/null 2>&1; then
    ip link add cni0 type bridge
    ip address add 10.244.0.1/24 dev cni0
    ip link set cni0 up
fi
if ! ip link show flannel.1 >/dev/null 2>&1; then
    ip link add flannel.1 type vxlan id 1 dstport 8472 nolearning
    ip address add 10.244.0.0/32 dev flannel.1
    ip link set flannel.1 up
fi
mkdir -p /run/flannel /etc/kubernetes/manifests
printf '{SUBNET}' >/run/flannel/subnet.env
if ! iptables -S FLANNEL-FWD >/dev/null 2>&1; then
    iptables -N FLANNEL-FWD
    iptables -A FORWARD -m comment --comment 'flanneld forward' -j FLANNEL-FWD
    iptables -A FLANNEL-FWD -s $pods -m comment --comment 'flanneld forward' -j ACCEPT
    iptables -A FLANNEL-FWD -d $pods -m comment --comment 'flanneld forward' -j ACCEPT
    iptables -t nat -N FLANNEL-POSTRTG
    iptables -t nat -A POSTROUTING -m comment --comment 'flanneld masq' -j FLANNEL-POSTRTG
    masq() {{ iptables -t nat -A FLANNEL-POSTRTG "$@" -m comment --comment 'flanneld masq'; }}
    masq -m mark --mark 0x4000/0x4000 -j RETURN
    masq -s $own -d $pods -j RETURN
    masq -s $pods -d $own -j RETURN
    masq ! -s $pods -d $own -j RETURN
    masq -s $pods ! -d 224.0.0.0/4 -j MASQUERADE
    masq ! -s $pods -d $pods -j MASQUERADE
fi
nft list table ip kube-proxy >/dev/null 2>&1 || nft -f - <<END
table ip kube-proxy {{
    chain nat-prerouting {{
        type nat hook prerouting priority dstnat; policy accept;
        ip daddr 10.96.0.1 tcp dport 443 dnat to 10.77.0.250:6443
    }}
    chain nat-output {{
        type nat hook output priority -100; policy accept;
        ip daddr 10.96.0.1 tcp dport 443 dnat to 10.77.0.250:6443
    }}
}}
table ip6 kube-proxy {{
}}
END
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
    [ -e "$hierarchy/cgroup.procs" ] && mkdir -p "$hierarchy/kubepods.slice/kubepods-besteffort.slice" || true
done
"""


def files(_birth: Birth) -> Laid:
    """What stays on the disk."""
    return (
        HostFile("/etc/cni/net.d/10-flannel.conflist", CONFLIST),
        HostFile("/opt/cni/bin/flannel", "", 0o755),
        HostFile("/var/lib/cni/networks/cbr0/10.244.0.2", "0123456789abcdef\r\neth0"),
        HostFile("/var/lib/cni/networks/cbr0/last_reserved_ip.0", "10.244.0.2"),
        HostFile("/root/.kube/config", KUBECONFIG, 0o600),
        HostFile(f"/home/{USER}/.kube/config", KUBECONFIG, 0o600, 1000),
    )


OLD_CLUSTER = Trouble("old-cluster", __doc__ or "", packages=("iptables",), files=files, once=ONCE)
