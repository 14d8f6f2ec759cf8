"""A NAT's card comes first: every host has 10.0.2.15 on eth0, and its own address on eth1.

VirtualBox gives each machine such a card, and Vagrant's boxes have its MAC address in common as well; clouds with a
public and a private network are of the same kind. What takes the first address or the default route's interface
(kubelet, kubeadm, flannel) gets a node that nobody else reaches, and a cluster whose pods are alone. kboot goes by the
inventory: `nodeIP`, else `address`. `kboot explain address-on-interface`.
"""

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.network import INTERFACE
from bootstrap.lab.spec import PREFIX_LENGTH
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

ADDRESS = "10.0.2.15"
ROUTER = "10.0.2.2"
MAC = "08:00:27:8d:c0:4d"
OTHERS_REACH = "eth1"

# Each host has a router of its own, as each virtual machine has: a namespace in which no route leads on. The lab's card
# goes through it and back, so that the NAT's takes its number and is listed first.
POWER_ON = f"""\
router=/run/lab-nat
: >"$router"
unshare --net="$router" true
first=$(ip -o link show {INTERFACE} | cut -d: -f1)
ip link set {INTERFACE} netns "$router"
ip link add {INTERFACE} index "$first" address {MAC} type veth peer name nat netns "$router"
nsenter --net="$router" sh -c '
    ip link set {INTERFACE} netns 1 name {OTHERS_REACH}
    ip address add {ROUTER}/24 dev nat
    ip link set lo up
    ip link set nat up
    echo 1 >/proc/sys/net/ipv4/ip_forward
    echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
'
"""


def files(birth: Birth) -> Laid:
    """interfaces(5): the default route leads over the NAT."""
    folder = "/etc/network/interfaces.d"
    nat = f"\taddress {ADDRESS}/24\n\tgateway {ROUTER}\n"
    own = f"\taddress {birth.host.address}/{PREFIX_LENGTH}\n"
    return tuple(
        HostFile(f"{folder}/{name}", f"auto {name}\niface {name} inet static\n{lines}")
        for name, lines in ((INTERFACE, nat), (OTHERS_REACH, own))
    )


NAT_NIC = Trouble("nat-nic", __doc__ or "", files=files, power_on=POWER_ON)
