"""What stands on a host's disk, so that two moments can be compared: every path with its metadata and content."""

from tests.cluster.scene import Scene

# ctime moves with every write, chmod and rename, and cannot be set back: no content needs to be read for big trees.
# /var/log/pods is what containers say: etcd warns there whenever the machine is slow.
SCRIPT = r"""
find / /var/lib/containerd -xdev -path /var/lib/containerd/io.containerd.content.v1.content -prune -o \
    -path /var/log/pods -prune -o \
    -type d -printf '%p\t%m %U:%G\n' -o -printf '%p\t%s %m %U:%G %C@\n'
find /etc /usr /opt /root /home -xdev -type f -size -4M -exec sha256sum {} + | sed 's/^\([0-9a-f]*\)  \(.*\)$/\2\t\1/'
"""

# Paths that logging in changes on any host, whoever logs in: sshd's and sudo's own records.
EXPLAINED = frozenset(
    {
        "/var/log/wtmp",  # sshd records every login (wtmp(5))
        "/var/log/lastlog",  # pam_lastlog
        "/var/log/btmp",
        "/var/log/auth.log",
    }
)


def tree(scene: Scene, host: str) -> dict[str, str]:
    """Path -> metadata, and for configuration and programs the sha256."""
    found: dict[str, str] = {}
    for line in scene.sh(host, SCRIPT).splitlines():
        path, _, told = line.rpartition("\t")
        found[path] = f"{found.get(path, '')} {told}"
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Paths that came, went or changed."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
