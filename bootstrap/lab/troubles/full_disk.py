"""A small volume: 250 MB under /var/lib/containerd and /var/lib/kboot together.

Hosts get a /var of its own and a few GB, or logs and old images have filled the disk. An import that ends with "no
space left on device" has unpacked half of an image; kboot says before it begins which mount lacks how much, and a run
that fills the disk all the same says so and goes on once there is room: `kboot explain resources-enough`. The volume is
in memory, and empty after a reboot. To make room: `sudo mount -o remount,size=4g /srv/small`.
"""

from bootstrap.lab.troubles.trouble import Trouble

VOLUME = "/srv/small"
SIZE_MB = 250

POWER_ON = f"""\
mkdir -p {VOLUME}
mount -t tmpfs -o size={SIZE_MB}m,mode=0755 small {VOLUME}
for part in containerd kboot; do
    mkdir -p {VOLUME}/$part /var/lib/$part
    mount --bind {VOLUME}/$part /var/lib/$part
done
"""

FULL_DISK = Trouble("full-disk", __doc__ or "", power_on=POWER_ON)
