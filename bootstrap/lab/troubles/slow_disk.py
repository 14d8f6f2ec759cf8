"""The disk takes 100 writes a second: what is synced takes its time, as on an old spinning disk.

etcd syncs its log at every write (etcd.io/docs/v3.6/op-guide/hardware: 50 sequential IOPS at least), so the API
server answers late, leases run out, and `kubeadm init` waits longer. kboot waits by asking, with minutes to spare. The
limit is that of the host's own cgroup; in v1 (blkio) it is not that of the groups below, such as a pod's, so each of
them gets its own within a second. What the kernel writes back by itself is not held up.
"""

from bootstrap.lab.host_file import HostFile, HostLink
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

WRITES_PER_S = 100
PROGRAM = "/usr/lib/kboot-lab/slow-disk"
UNIT = "kboot-lab-slow-disk.service"

_LIMIT = """\
number=$(stat -c %d /var/lib/containerd)
device="$((number >> 8 & 4095)):$((number & 255))"
groups=/sys/fs/cgroup/blkio
limit=blkio.throttle.write_iops_device
"""
POWER_ON = f"""\
{_LIMIT}
if [ -e "$groups/$limit" ]; then echo "$device {WRITES_PER_S}" >"$groups/$limit"
elif [ -e /sys/fs/cgroup/io.max ]; then echo "$device wiops={WRITES_PER_S}" >/sys/fs/cgroup/io.max
fi
"""
# kernel.org/doc/Documentation/cgroup-v1/blkio-controller.rst: throttling is flat unless the mount says sane_behavior.
BELOW = f"""\
#!/bin/sh
{_LIMIT}
while [ -e "$groups/$limit" ]; do
    for file in $(find "$groups" -mindepth 2 -name "$limit"); do
        read -r set <"$file" || echo "$device {WRITES_PER_S}" >"$file"
    done 2>/dev/null
    sleep 1
done
"""
SERVICE = f"[Service]\nExecStart={PROGRAM}\n"


def files(_birth: Birth) -> Laid:
    """What limits the groups below, at work from the boot on."""
    return (
        HostFile(PROGRAM, BELOW, 0o755),
        HostFile(f"/etc/systemd/system/{UNIT}", SERVICE),
        HostLink(f"/etc/systemd/system/multi-user.target.wants/{UNIT}", f"/etc/systemd/system/{UNIT}"),
    )


SLOW_DISK = Trouble("slow-disk", __doc__ or "", files=files, power_on=POWER_ON, excludes=("full-disk",))
