"""System calls on namespaces that Python 3.11 does not offer (os.setns and os.unshare came with 3.12).

Standard library only.
"""

import ctypes
import os
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2

_libc = ctypes.CDLL(None, use_errno=True)


def enter_network(path: str) -> None:
    """Moves the calling thread (setns(2) is per thread) into the network namespace bound at `path`; raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _checked(_libc.setns(handle, CLONE_NEWNET), path)
    finally:
        os.close(handle)


def leave_mounts() -> None:
    """Gives the calling process a mount namespace of its own (unshare(2)), which nothing leaves and nothing enters.

    Its root is then this process's root, in a chroot as well: setns(2) into a mount namespace lands in the namespace's
    root, so that in a lab host of a chroot `kubectl exec` and exec probes would see the machine's files and not those
    of their container. One thread only. Raises OSError.
    """
    _checked(_libc.unshare(CLONE_NEWNS))
    chroot = os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    mounts = os.open("/proc/self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
    try:
        inside = _place(chroot)
        _checked(_libc.setns(mounts, CLONE_NEWNS))
        _mount(None, "/", MS_REC | MS_PRIVATE)
        root = os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        outside = _place(root)
        os.close(root)
        if inside != outside:
            os.fchdir(chroot)
            _make_root(os.getcwd())
    finally:
        os.close(chroot)
        os.close(mounts)


def _place(handle: int) -> tuple[str, int]:
    """Mount and inode: a directory bound elsewhere has the same inode (proc_pid_fdinfo(5), mnt_id)."""
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    return next(line for line in lines if line.startswith("mnt_id")), os.fstat(handle).st_ino


def _make_root(folder: str) -> None:
    """pivot_root(2), "pivot_root(\".\", \".\")": the old root lies over the new one, and is taken away."""
    _mount(folder, folder, MS_BIND | MS_REC)
    os.chdir(folder)
    _checked(_libc.pivot_root(b".", b"."), folder)
    _checked(_libc.umount2(b".", MNT_DETACH), folder)
    os.chdir("/")


def _mount(source: str | None, target: str, flags: int) -> None:
    what, where = source and os.fsencode(source), os.fsencode(target)
    _checked(_libc.mount(what, where, None, ctypes.c_ulong(flags), None), target)


def _checked(result: int, path: str | None = None) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
