"""The lab's namespace with its bridge, and cables to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.lab import network
from bootstrap.lab.command import run
from bootstrap.lab.network import ensure_lab, inside, plug_in, unbind
from bootstrap.lab.spec import LabSpec
from tests.unit.lab.conftest import may_make_namespaces

pytestmark = pytest.mark.skipif(not may_make_namespaces(), reason="makes network namespaces")


@pytest.fixture
def netns(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "netns"
    unbind(tmp_path / "netns")


def _told(netns: Path, *argv: str) -> str:
    return run(inside(netns, *argv))


def test_the_bridge_is_the_hosts_gateway_and_routes(netns: Path) -> None:
    ensure_lab(netns)
    assert "10.77.0.1/24" in _told(netns, "ip", "-brief", "address", "show", "dev", network.BRIDGE)
    assert _told(netns, "cat", "/proc/sys/net/ipv4/ip_forward") == "1\n"


def test_a_network_that_stands_is_kept_and_what_a_killed_run_left_out_is_added(netns: Path) -> None:
    network.bind_fresh(netns)
    before = _told(netns, "readlink", "/proc/self/ns/net")
    for _ in range(2):
        ensure_lab(netns)
    assert _told(netns, "readlink", "/proc/self/ns/net") == before
    assert "10.77.0.1/24" in _told(netns, "ip", "-brief", "address", "show", "dev", network.BRIDGE)


def test_each_boot_gives_a_host_a_new_namespace_and_the_same_card(netns: Path, tmp_path: Path) -> None:
    host = LabSpec("lab").with_hosts(1).hosts[0]
    ensure_lab(netns)
    booted, seen = tmp_path / "host", []
    try:
        for _ in range(2):
            plug_in(netns, booted, host)
            _told(booted, "ip", "link", "add", "cni0", "type", "bridge")
            seen.append(_told(booted, "readlink", "/proc/self/ns/net"))
            assert host.mac in _told(booted, "ip", "link", "show", network.INTERFACE)
            assert _told(netns, "ip", "-brief", "link").count("v-cp1") == 1
    finally:
        unbind(booted)
    assert seen[0] != seen[1], "cni0 of the last boot is gone with its namespace"
