"""Swap comes back at every boot: by lines of fstab, by a unit of the admin's, by a zram generator.

kubelet does not start on a host with swap. `swapoff -a` lasts until the next boot, and the line of fstab is only one of
the places where swap comes from: systemd starts enabled swap units, and generators make new ones at each boot. None of
them is ever turned on in a lab: swap is the whole machine's (systemd leaves it alone in a container, and swapon is
refused). kboot's answer: `kboot explain swap-off`.
"""

from bootstrap.lab.host_file import HostFile, HostLink
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

UNITS = "/etc/systemd/system"
UNIT = """\
[Unit]
Description=Swap that the admin made after the installation

[Swap]
What=/swap.img

[Install]
WantedBy=swap.target
"""
# zram-generator.conf(5).
ZRAM = "[zram0]\nzram-size = ram / 2\n"
# What the generator writes on a machine with zram; it leaves a container alone (its README: "does nothing in
# containers"), so a host's own copy of it says here what the real one says on metal.
GENERATOR = r"""#!/bin/sh
# systemd.generator(7): $1 is the folder for generated units.
[ -s /etc/systemd/zram-generator.conf ] || exit 0
cat >"$1/dev-zram0.swap" <<END
[Unit]
Description=Compressed Swap on /dev/zram0
SourcePath=/etc/systemd/zram-generator.conf

[Swap]
What=/dev/zram0
Priority=100
END
mkdir -p "$1/swap.target.wants" && ln -s ../dev-zram0.swap "$1/swap.target.wants/"
"""


def files(_birth: Birth) -> Laid:
    """All three places at once."""
    return (
        HostFile("/etc/fstab", "/swapfile none swap sw 0 0\n/swap2 swap swap defaults,pri=5 0 0\n"),
        HostFile("/swap.img", "", 0o600),
        HostFile(f"{UNITS}/swap.img.swap", UNIT),
        HostLink(f"{UNITS}/swap.target.wants/swap.img.swap", f"{UNITS}/swap.img.swap"),
        HostFile("/etc/systemd/zram-generator.conf", ZRAM),
        HostFile("/usr/lib/systemd/system-generators/zram-generator", GENERATOR, 0o755),
        # No device ever shows up in a container: the boot would wait 90 s for this one.
        HostFile(f"{UNITS}/dev-zram0.device.d/lab.conf", "[Unit]\nJobRunningTimeoutSec=1s\n"),
    )


SWAP = Trouble("swap", __doc__ or "", files=files)
