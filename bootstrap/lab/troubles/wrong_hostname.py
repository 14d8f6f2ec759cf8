"""Twins: every host has the same hostname and machine id, as machines cloned from one image have.

By the machine id kubelet, DHCP, the journal and kboot tell machines apart: two nodes with one id are one node. The
hostname misleads the admin and every log. kboot refuses before the first change and says what to type: `kboot explain
identity-unique`.
"""

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

HOSTNAME = "template"


def files(birth: Birth) -> Laid:
    """What the first host was cloned from."""
    return (
        HostFile("/etc/hostname", f"{HOSTNAME}\n"),
        HostFile("/etc/hosts", f"127.0.0.1\tlocalhost\n127.0.1.1\t{HOSTNAME}\n\n::1\tlocalhost ip6-localhost\n"),
        HostFile("/etc/machine-id", f"{birth.lab.hosts[0].machine_id}\n", 0o444),
    )


WRONG_HOSTNAME = Trouble("wrong-hostname", __doc__ or "", files=files)
