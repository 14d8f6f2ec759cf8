"""The relay between ssh and a lab host."""

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from bootstrap.lab import connect


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int, socket.socket, threading.Thread]]:
    """A running relay: write end of its stdin, read end of its stdout, the host's end of the connection."""
    (stdin, ours_in), (ours_out, stdout) = os.pipe(), os.pipe()
    monkeypatch.setattr(connect, "STDIN", stdin)
    monkeypatch.setattr(connect, "STDOUT", stdout)
    inside, host = socket.socketpair()
    relay = threading.Thread(target=connect.relay, args=(inside,), daemon=True)
    relay.start()
    yield ours_in, ours_out, host, relay
    host.close()
    relay.join(60)
    inside.close()
    for descriptor in (stdin, ours_out, stdout):
        os.close(descriptor)


def test_bytes_pass_both_ways(ends: tuple[int, int, socket.socket, threading.Thread]) -> None:
    ours_in, ours_out, host, _ = ends
    os.write(ours_in, b"question")
    host.sendall(b"answer")

    assert (host.recv(100), os.read(ours_out, 100)) == (b"question", b"answer")
    os.close(ours_in)


def test_the_host_may_still_answer_after_the_end_of_stdin(
    ends: tuple[int, int, socket.socket, threading.Thread],
) -> None:
    ours_in, ours_out, host, relay = ends
    os.close(ours_in)
    assert host.recv(100) == b""

    host.sendall(b"late")
    host.shutdown(socket.SHUT_WR)
    relay.join(60)

    assert os.read(ours_out, 100) == b"late"
    assert not relay.is_alive()
