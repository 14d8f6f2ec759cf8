"""The TCP socket under an SSH connection, made here: fast, mortal, and in another network namespace where asked."""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_KEEPALIVE_IDLE_S = 10
_KEEPALIVE_INTERVAL_S = 5
_KEEPALIVE_PROBES = 3
_UNACKNOWLEDGED_LIMIT_MS = 20_000
_CLONE_NEWNET = 0x40000000  # linux/sched.h


def create_connection(address: str, port: int, *, timeout_s: float, netns: str | None = None) -> socket.socket:
    """A connected TCP socket; each address of a name gets its turn within `timeout_s`.

    `netns` is the name under /run/netns or the path of a network namespace; only the socket is made inside, for a
    socket stays in the namespace where it was made. Raises socket.gaierror for unknown names, else OSError of the last
    address tried (TimeoutError when nothing answered).
    """
    found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
    failure: OSError = OSError(f"{address} has no address")
    for family, kind, protocol, _, target in found:
        with _inside(netns):
            sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(timeout_s / len(found))
            sock.connect(target)
        except OSError as error:
            sock.close()
            failure = error
        else:
            _tune(sock)
            return sock
    raise failure


def rearm_quickack(sock: socket.socket) -> None:
    """Acknowledge what was just read at once: the kernel falls back to delayed (40 ms) ACKs by itself. Linux only."""
    if hasattr(socket, "TCP_QUICKACK"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _tune(sock: socket.socket) -> None:
    """Small packets leave at once; a dead peer is noticed by the kernel in 20 to 25 seconds (tcp(7))."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {
        "TCP_KEEPIDLE": _KEEPALIVE_IDLE_S,
        "TCP_KEEPINTVL": _KEEPALIVE_INTERVAL_S,
        "TCP_KEEPCNT": _KEEPALIVE_PROBES,
        "TCP_USER_TIMEOUT": _UNACKNOWLEDGED_LIMIT_MS,
    }
    for name, value in options.items():
        option = getattr(socket, name, None)  # a Mac has not all of them
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


@contextmanager
def _inside(netns: str | None) -> Iterator[None]:
    """Put the calling thread into a network namespace and back; setns(2) moves one thread only."""
    if netns is None:
        yield
        return
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _enter(Path("/run/netns") / netns)  # an absolute path wins over the folder
        try:
            yield
        finally:
            _setns(own)
    finally:
        os.close(own)


def _enter(namespace: Path) -> None:
    descriptor = os.open(namespace, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _setns(descriptor)
    finally:
        os.close(descriptor)


def _setns(descriptor: int) -> None:
    """setns(2); os.setns exists only from Python 3.12 on."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, _CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot enter the network namespace: {os.strerror(number)}")
