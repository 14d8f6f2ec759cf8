"""Two system calls that Python 3.11 does not offer (os.setns and os.unshare came with 3.12). Standard library only."""

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def enter_network(path: str) -> None:
    """Moves the calling thread (setns(2) is per thread) into the network namespace bound at `path`; raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if _libc.setns(handle, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    finally:
        os.close(handle)


def leave_mounts() -> None:
    """Gives the calling process a mount namespace of its own (unshare(2)); raises OSError."""
    if _libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
