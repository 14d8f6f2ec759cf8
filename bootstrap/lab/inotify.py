"""Room for more hosts: inotify instances are counted per user over the whole machine, and the lab changes no sysctl.

A host that finds none left does not boot, or its kubelet does not start, with errors that name anything but the cause.
"""

import ctypes
import os
from pathlib import Path

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

LIMIT = Path("/proc/sys/fs/inotify/max_user_instances")
# Counted on Debian 12, 2026-11: systemd 3, logind and dbus 1 each; one to spare.
PER_HOST = 6
# The same as a control plane of v1.36: kubelet 7, apiserver and controller-manager 6 each, containerd 2, kube-proxy 1.
PER_NODE = 28


def require_room(hosts: int) -> None:
    """Raises KB1310 unless the machine has inotify instances left for this many more hosts."""
    wanted = hosts * PER_HOST
    if can_hold(wanted):
        return
    raise KbootError(
        Code.LAB_NO_ROOM,
        f"hosts to boot: {hosts}; they need {wanted} inotify instances (up to {hosts * PER_NODE} as Kubernetes nodes), "
        f"and of the {LIMIT.read_text().strip()} that this machine gives root not that many are free",
        advice="end another lab, or raise the limit: sysctl -w fs.inotify.max_user_instances=1024",
        exit_code=ExitCode.REFUSED,
    )


def can_hold(instances: int) -> bool:
    """Whether that many can be had now: they are taken and given back at once (the kernel shows no count)."""
    libc = ctypes.CDLL(None, use_errno=True)
    taken: list[int] = []
    try:
        while len(taken) < instances:
            descriptor = libc.inotify_init1(os.O_CLOEXEC)
            if descriptor < 0:
                return False
            taken.append(descriptor)
        return True
    finally:
        for descriptor in taken:
            os.close(descriptor)
