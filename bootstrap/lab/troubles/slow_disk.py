"""The disk takes 100 writes a second: what is synced takes its time, as on an old spinning disk.

etcd syncs its log at every write (etcd.io/docs/v3.6/op-guide/hardware: 50 sequential IOPS at least), so the API
server answers late, leases run out, and `kubeadm init` waits longer. kboot waits by asking, with minutes to spare. The
limit is that of the host's own cgroup (blkio in v1, io in v2); what the kernel writes back by itself is not held up.
"""

from bootstrap.lab.troubles.trouble import Trouble

WRITES_PER_S = 100

POWER_ON = f"""\
number=$(stat -c %d /var/lib/containerd)
device="$((number >> 8 & 4095)):$((number & 255))"
v1=/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device
if [ -e "$v1" ]; then echo "$device {WRITES_PER_S}" >"$v1"
elif [ -e /sys/fs/cgroup/io.max ]; then echo "$device wiops={WRITES_PER_S}" >/sys/fs/cgroup/io.max
fi
"""

SLOW_DISK = Trouble("slow-disk", __doc__ or "", power_on=POWER_ON, excludes=("full-disk",))
