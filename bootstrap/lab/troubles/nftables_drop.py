"""nftables drops what comes in and what is forwarded; ssh alone comes in.

So do hosts look whose admin wrote the firewall by hand (wiki.nftables.org, "Simple ruleset for a server"). A table of
nftables is beside iptables' and ufw's: a packet has to pass them all, so no rule of ufw's or flannel's opens it. kboot
changes nothing of it, and says which rules to insert: `kboot explain firewall-understood`.
"""

from bootstrap.lab.host_file import HostFile, HostLink
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

RULES = """\
#!/usr/sbin/nft -f
flush ruleset

table inet filter {
    chain input {
        type filter hook input priority filter; policy drop;
        iif lo accept
        ct state vmap { established : accept, related : accept, invalid : drop }
        ip protocol icmp accept
        ip6 nexthdr icmpv6 accept
        tcp dport SSH_PORT accept
        counter
    }
    chain forward {
        type filter hook forward priority filter; policy drop;
        ct state established,related accept
    }
}
"""


def files(birth: Birth) -> Laid:
    """As `systemctl enable nftables` leaves it."""
    unit = "nftables.service"
    return (
        HostFile("/etc/nftables.conf", RULES.replace("SSH_PORT", str(birth.lab.ssh_port)), 0o755),
        HostLink(f"/etc/systemd/system/sysinit.target.wants/{unit}", f"/lib/systemd/system/{unit}"),
    )


NFTABLES_DROP = Trouble("nftables-drop", __doc__ or "", files=files, excludes=("ufw",))
