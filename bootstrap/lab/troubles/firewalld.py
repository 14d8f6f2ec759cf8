"""firewalld runs: ssh alone comes in, by its zone `public`, and what is forwarded is rejected.

Who comes from Fedora installs it on Debian too. Its rules are nftables' own table, which no rule of ufw's or flannel's
opens. kboot changes nothing of it, and says which `firewall-cmd` lines to type: `kboot explain firewall-understood`.
"""

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

ZONE = """\
<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>Public</short>
  <port port="SSH_PORT" protocol="tcp"/>
</zone>
"""


def files(birth: Birth) -> Laid:
    """The default zone as `firewall-cmd --permanent --add-port` leaves it."""
    return (HostFile("/etc/firewalld/zones/public.xml", ZONE.replace("SSH_PORT", str(birth.lab.ssh_port))),)


FIREWALLD = Trouble(
    "firewalld",
    __doc__ or "",
    packages=("firewalld", "netbase"),  # without /etc/protocols firewalld does not start
    files=files,
    excludes=("ufw", "nftables-drop", "iptables-drop"),
)
