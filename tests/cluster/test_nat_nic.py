"""Hosts whose first card is a NAT's with one address for all of them (Vagrant's trap): a cluster on the other cards."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.lab.troubles.nat_nic import ADDRESS
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster
ADDRESSES = {"cp1": "10.77.0.11", "w1": "10.77.0.12"}


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("nat"), bundle, "--hosts", "2", "--with", "nat-nic") as made:
        yield made


@pytest.mark.drawn("hosts", seconds=130)
def test_nat_nic(scene: Scene) -> None:
    for name, address in ADDRESSES.items():
        assert scene.host(name).check_output("hostname -I").split() == [ADDRESS, address]
        assert "default via 10.0.2.2 dev eth0" in scene.host(name).check_output("ip route")
    _a_nats_address_is_refused_with_the_line_that_decides(scene)
    _a_pod_network_that_holds_the_nats_is_refused_with_another(scene)

    scene.kboot("up")
    assert_whole(scene, *ADDRESSES)
    for node in scene.get("nodes"):
        name, annotations = node["metadata"]["name"], node["metadata"]["annotations"]
        assert {"type": "InternalIP", "address": ADDRESSES[name]} in node["status"]["addresses"]
        assert annotations["flannel.alpha.coreos.com/public-ip"] == ADDRESSES[name]
    (endpoints,) = scene.get("endpointslices", "-l", "kubernetes.io/service-name=kubernetes")
    assert [one["addresses"] for one in endpoints["endpoints"]] == [[ADDRESSES["cp1"]]]
    assert f"--advertise-address={ADDRESSES['cp1']}" in scene.sh(
        "cp1", "tr '\\0' '\\n' </proc/$(pgrep -f ^kube-apiserver)/cmdline"
    )
    _every_host_reaches_every_pod(scene)

    assert set(scene.rows(scene.kboot("up", "-o", "json")).values()) == {"ok"}


def _a_nats_address_is_refused_with_the_line_that_decides(scene: Scene) -> None:
    def wrong(wanted: dict[str, Any]) -> None:
        wanted["hosts"][1]["nodeIP"] = ADDRESS

    def right(wanted: dict[str, Any]) -> None:
        del wanted["hosts"][1]["nodeIP"]

    scene.edit_inventory(wrong)
    done = scene.kboot("up", code=6)
    assert "KB2151" in done.out + done.err
    decides = (
        rf"hosts\[1\]\.nodeIP \(\S+:\d+\) in the inventory decides; for w1: `nodeIP: {re.escape(ADDRESSES['w1'])}`"
    )
    assert re.search(decides, done.out + done.err)
    assert not scene.host("w1").package("kubelet").is_installed
    scene.edit_inventory(right)


def _a_pod_network_that_holds_the_nats_is_refused_with_another(scene: Scene) -> None:
    """No line of the inventory names the NAT's network: the hosts say it."""
    before = scene.inventory.read_text()
    scene.inventory.write_text(before.replace("cluster:", "cluster:\n  podCIDR: 10.0.0.0/16", 1))
    done = scene.kboot("plan", "up", "--only", "networks-apart", code=6)
    assert "eth0 of w1 is in 10.0.2.0/24, which overlaps with cluster.podCIDR 10.0.0.0/16" in done.out
    (line,) = set(re.findall(r"`(podCIDR: [\d./]+)`", done.out))
    scene.inventory.write_text(before.replace("cluster:", f"cluster:\n  {line}", 1))
    scene.kboot("plan", "up", "--only", "networks-apart")
    scene.inventory.write_text(before)


def _every_host_reaches_every_pod(scene: Scene) -> None:
    """CoreDNS answers for its health on 8181; its pods are on one of the hosts, so the other goes over the VXLAN."""
    pods = scene.get("pods", "-n", "kube-system", "-l", "k8s-app=kube-dns")
    for name in ADDRESSES:
        for pod in pods:
            scene.sh(name, f"curl -fsS -m 5 http://{pod['status']['podIP']}:8181/ready")
