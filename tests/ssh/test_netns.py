"""A socket made in another network namespace, and a network that dies under it. Namespace and wire are our own."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.transport.errors import HostLost, Unreachable
from tests.ssh.conftest import Connect
from tests.ssh.sshd import Sshd, User, run

_SERVER_ADDRESS = "192.0.2.2"  # RFC 5737: never a real network


@pytest.fixture(scope="module")
def namespaces() -> Iterator[tuple[str, str]]:
    """Two network namespaces joined by a veth pair; this machine's own one is not touched."""
    client, server = f"kbt{os.getpid()}c", f"kbt{os.getpid()}s"
    try:
        for name in (client, server):
            run("ip", "netns", "add", name)
        run("ip", "-n", client, "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", server)
        for name, address in ((client, "192.0.2.1"), (server, _SERVER_ADDRESS)):
            run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "wire")
            run("ip", "-n", name, "link", "set", "wire", "up")
            run("ip", "-n", name, "link", "set", "lo", "up")
        yield client, server
    finally:
        for name in (client, server):
            run("ip", "netns", "delete", name)


@pytest.fixture(scope="module")
def far_sshd(namespaces: tuple[str, str], tmp_path_factory: pytest.TempPathFactory, client_key: Path) -> Iterator[Sshd]:
    folder = tmp_path_factory.mktemp("far") / "server"
    server = Sshd(folder, client_key, address=_SERVER_ADDRESS, netns=namespaces[1])
    yield server
    server.stop()


def test_a_host_is_reached_inside_its_network_namespace(
    far_sshd: Sshd, namespaces: tuple[str, str], free_user: User, connect: Connect
) -> None:
    before = os.readlink("/proc/thread-self/ns/net")
    assert (
        connect(far_sshd.settings(free_user.name, netns=namespaces[0])).run("echo here", timeout_s=20).text == "here\n"
    )
    by_path = far_sshd.settings(free_user.name, netns=f"/run/netns/{namespaces[0]}")
    assert connect(by_path).run("echo here", timeout_s=20).text == "here\n"
    assert os.readlink("/proc/thread-self/ns/net") == before


def test_a_namespace_that_is_missing_is_said_so(far_sshd: Sshd, free_user: User, connect: Connect) -> None:
    with pytest.raises(Unreachable) as caught:
        connect(far_sshd.settings(free_user.name, netns="no-such-namespace")).run("true", timeout_s=20)
    assert caught.value.problem == "no socket can be made in the network namespace no-such-namespace"


def test_a_dead_network_is_seen_within_30_s(
    far_sshd: Sshd, namespaces: tuple[str, str], free_user: User, connect: Connect
) -> None:
    host = connect(far_sshd.settings(free_user.name, netns=namespaces[0]))
    host.run("true", timeout_s=20)
    threading.Timer(1.0, run, ("ip", "-n", namespaces[1], "link", "set", "wire", "down")).start()
    started = time.monotonic()
    with pytest.raises(HostLost):
        host.run("sleep 100", timeout_s=100)
    assert time.monotonic() - started < 31
