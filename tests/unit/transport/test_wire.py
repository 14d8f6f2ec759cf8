"""The stream below SSH."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bootstrap.transport.wire import Wire


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = socket.create_connection(listener.getsockname())
        far, _ = listener.accept()
    with near, far:
        near.settimeout(0.02)
        yield near, far


def test_many_small_reads_serve_one_arrival(pair: tuple[socket.socket, socket.socket]) -> None:
    near, far = pair
    wire = Wire(near)
    far.sendall(b"abcdef")
    time.sleep(0.05)
    first = wire.recv(2)
    far.close()
    assert [first, wire.recv(3), wire.recv(9), wire.recv(9)] == [b"ab", b"cde", b"f", b""]


def test_silence_within_the_limit_is_only_a_timeout(pair: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(TimeoutError):
        Wire(pair[0], silence_limit_s=5).recv(1)


def test_silence_beyond_the_limit_ends_the_stream(pair: tuple[socket.socket, socket.socket]) -> None:
    wire = Wire(pair[0], silence_limit_s=0.01)
    with pytest.raises(ConnectionAbortedError, match="no answer"):
        wire.recv(1)


def test_a_peer_that_takes_nothing_and_says_nothing_ends_the_stream(pair: tuple[socket.socket, socket.socket]) -> None:
    wire = Wire(pair[0], silence_limit_s=0.1)
    with pytest.raises(ConnectionAbortedError):
        _send_without_end(wire)


def test_shutting_wakes_a_reader(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[0].settimeout(5)
    wire = Wire(pair[0])
    wire.shut()
    assert wire.recv(1) == b""


def _send_without_end(wire: Wire) -> None:
    for _ in range(10_000):
        with suppress(TimeoutError):
            wire.send(b"x" * 65536)
