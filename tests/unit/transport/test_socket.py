"""The socket under a connection: every address gets its turn, and what cannot be tuned is left."""

import socket
from collections.abc import Iterator

import pytest

from bootstrap.transport.socket import create_connection, rearm_quickack


@pytest.fixture
def port() -> Iterator[int]:
    """A port of 127.0.0.1 on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(_host: str, port: int, *, type: socket.SocketKind) -> list[object]:  # noqa: A002
        return [(socket.AF_INET, type, 0, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_name_with_an_address_that_refuses_is_reached_at_its_next_one(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _resolves_to(monkeypatch, "127.0.0.2", "127.0.0.1")
    with create_connection("twice", port, timeout_s=2) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_where_all_addresses_refuse_the_last_refusal_is_told(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves_to(monkeypatch, "127.0.0.2", "127.0.0.3")
    with pytest.raises(ConnectionRefusedError):
        create_connection("never", port, timeout_s=2)


def test_a_name_without_an_address_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves_to(monkeypatch)
    with pytest.raises(OSError, match="nowhere has no address"):
        create_connection("nowhere", 22, timeout_s=2)


def test_a_dead_peer_is_noticed_by_the_kernel(port: int) -> None:
    with create_connection("127.0.0.1", port, timeout_s=2) as connection:
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10


def test_a_system_without_linuxs_options_connects_without_them(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TCP_KEEPIDLE", "TCP_USER_TIMEOUT", "TCP_QUICKACK"):
        monkeypatch.delattr(socket, name)
    with create_connection("127.0.0.1", port, timeout_s=2) as connection:
        rearm_quickack(connection)
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_a_file_that_is_no_network_namespace_is_refused_and_nothing_is_left_open(port: int) -> None:
    with pytest.raises(OSError, match="cannot enter the network namespace"):
        create_connection("127.0.0.1", port, timeout_s=2, netns=__file__)
