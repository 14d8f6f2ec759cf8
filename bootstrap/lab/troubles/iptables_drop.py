"""iptables refuses what no rule lets in; a REJECT stands at the end, as in Oracle's images.

iptables-persistent loads it at every boot. An `-A` after the REJECT does nothing, which costs people days: a rule has
to be inserted before it. kboot changes nothing of it, and says which ones: `kboot explain firewall-understood`.
"""

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

RULES = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m state --state NEW -m tcp --dport SSH_PORT -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
COMMIT
"""


def files(birth: Birth) -> Laid:
    """As `netfilter-persistent save` leaves it."""
    return (HostFile("/etc/iptables/rules.v4", RULES.replace("SSH_PORT", str(birth.lab.ssh_port)), 0o640),)


IPTABLES_DROP = Trouble(
    "iptables-drop",
    __doc__ or "",
    packages=("iptables", "iptables-persistent"),
    files=files,
    excludes=("ufw", "nftables-drop"),
)
