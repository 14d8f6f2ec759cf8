"""A TCP proxy that can go silent: it keeps acknowledging, and passes nothing on."""

import socket
import threading
from contextlib import suppress


class SilentProxy:
    """Listens on loopback and forwards to `target_port`, until `silence` is set."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self.silence = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listener]
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def connections(self) -> int:
        """How many clients have come."""
        return len(self._open) // 2

    def close(self) -> None:
        for sock in self._open:
            sock.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target_port))
                self._open += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self.silence.is_set():
                    sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
