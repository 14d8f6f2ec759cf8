"""The byte stream that the SSH library reads and writes: buffered, and dead when the peer has been silent too long."""

import errno
import socket
import time
from contextlib import suppress
from typing import Protocol

from bootstrap.transport.socket import rearm_quickack

PING_INTERVAL_S = 8.0
SILENCE_LIMIT_S = 24.0
_READ_SIZE = 1 << 16


class Stream(Protocol):
    """What a TCP socket and a bastion's channel have in common."""

    def recv(self, size: int, /) -> bytes: ...
    def send(self, data: bytes, /) -> int: ...
    def settimeout(self, timeout_s: float | None, /) -> None: ...
    def close(self) -> None: ...


class Wire:
    """One stream to one SSH server.

    Whoever uses it asks the peer for an answer every PING_INTERVAL_S; when no byte came in for SILENCE_LIMIT_S,
    reading and writing raise ConnectionAbortedError. TCP alone does not see a peer whose kernel still acknowledges, or
    one behind a bastion. A slow upload is no silence: the peer widens its window as it takes the bytes.
    """

    def __init__(self, stream: Stream, *, silence_limit_s: float = SILENCE_LIMIT_S) -> None:
        self._stream = stream
        self._tcp = stream if isinstance(stream, socket.socket) else None
        self._silence_limit_s = silence_limit_s
        self._heard_at = time.monotonic()
        self._buffer = b""
        self._closed = False  # the SSH library looks at this name when it stops

    def recv(self, size: int) -> bytes:
        """Up to `size` bytes, empty at the end; the library reads in small pieces, one system call serves many."""
        if not self._buffer:
            self._buffer = self._filled()
        piece, self._buffer = self._buffer[:size], self._buffer[size:]
        return piece

    def send(self, data: bytes) -> int:
        """Send some of `data`; the number of bytes taken."""
        try:
            return self._stream.send(data)
        except TimeoutError:
            self._die_if_silent()
            raise

    def settimeout(self, timeout_s: float | None) -> None:
        """How long one `recv` or `send` waits."""
        self._stream.settimeout(timeout_s)

    def shut(self) -> None:
        """Wake a reader at once: it sees the end of the stream."""
        if self._tcp is None:
            self._stream.close()
        self.cut()

    def cut(self) -> None:
        """Shut a socket, saying nothing to anyone; a bastion's channel ends with the bastion's own socket."""
        if self._tcp is not None:
            with suppress(OSError):  # the peer was faster
                self._tcp.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the stream below."""
        self._closed = True
        self._stream.close()

    def _filled(self) -> bytes:
        try:
            data = self._stream.recv(_READ_SIZE)
        except TimeoutError:
            self._die_if_silent()
            raise
        self._heard_at = time.monotonic()
        if self._tcp is not None and data:
            rearm_quickack(self._tcp)
        return data

    @property
    def silent_s(self) -> float:
        """Seconds since the peer was last heard."""
        return time.monotonic() - self._heard_at

    def _die_if_silent(self) -> None:
        if self.silent_s > self._silence_limit_s:
            raise ConnectionAbortedError(errno.ECONNABORTED, f"no answer for {self.silent_s:.0f} s")
