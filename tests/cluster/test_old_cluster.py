"""A host on which `kubeadm reset` left an earlier cluster's network: refused, with a list and commands that work."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.scene import Scene, scene_of

pytestmark = pytest.mark.cluster
LEFT = (
    "cni0",
    "flannel.1",
    "/etc/cni/net.d/10-flannel.conflist",
    "/run/flannel/subnet.env",
    "/var/lib/cni/networks/cbr0",
    "ip kube-proxy",
    "ip6 kube-proxy",
    "packet filter rules of flannel and kube-proxy",
)


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("old"), bundle, "--hosts", "1", "--with", "old-cluster") as made:
        yield made


@pytest.mark.drawn("hosts", seconds=20)
def test_old_cluster_refused_and_what_it_says_to_type_lets_up_go_on(scene: Scene) -> None:
    done = scene.kboot("up", code=6)
    assert "KB2007" in done.out + done.err
    assert not scene.host("cp1").package("containerd.io").is_installed, "refused before the first change"
    (row,) = (row for row in _plan(scene, 6) if row["step"] == "no-foreign-cluster")
    assert row["problem"].partition(": ")[2].split(", ") == list(LEFT)

    typed = row["advice"].split("`")[1]
    scene.lab("ssh", "cp1", typed)

    host = scene.host("cp1")
    assert not host.interface("cni0").exists
    assert "kube-proxy" not in host.check_output("nft list tables")
    assert "FLANNEL" not in host.check_output("iptables-save")
    assert {row["decision"] for row in _plan(scene, 10)} <= {"satisfied", "change", "later", "waiting"}


def _plan(scene: Scene, code: int) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = scene.kboot("plan", "up", "-o", "json", code=code).json["rows"]
    return rows
