"""ssh's way into a lab: `python -m bootstrap.lab.connect NETNS HOST PORT`. Standard library only: it starts fast.

The socket is made inside the lab's network namespace and stays there; bytes pass between it and stdin/stdout.
"""

import os
import selectors
import socket
import sys
from contextlib import suppress

from bootstrap.lab.namespaces import enter_network

CONNECT_TIMEOUT_S = 20
CHUNK_BYTES = 1 << 16
STDIN = 0
STDOUT = 1


def main() -> None:
    """Connects, then relays until the host closes the connection."""
    netns, host, port = sys.argv[1:]
    try:
        enter_network(netns)
        connection = socket.create_connection((host, int(port)), timeout=CONNECT_TIMEOUT_S)
    except OSError as problem:
        sys.exit(f"kboot lab: cannot reach {host}:{port}: {problem}")
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    relay(connection)


def relay(connection: socket.socket) -> None:
    """Copies both ways. End of stdin closes the sending half only: the host may still answer."""
    with selectors.DefaultSelector() as ready:
        ready.register(connection, selectors.EVENT_READ)
        ready.register(STDIN, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fd == STDIN:
                    chunk = os.read(STDIN, CHUNK_BYTES)
                    if chunk:
                        connection.sendall(chunk)
                    else:
                        ready.unregister(STDIN)
                        with suppress(OSError):  # the host may have gone first
                            connection.shutdown(socket.SHUT_WR)
                elif chunk := connection.recv(CHUNK_BYTES):
                    _write_all(chunk)
                else:
                    return


def _write_all(chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(STDOUT, view) :]


if __name__ == "__main__":
    main()
