"""The inventory that a lab writes."""

from pathlib import Path

import yaml

from bootstrap.lab.inventory import inventory_text
from bootstrap.lab.machine import Machine
from bootstrap.lab.mirror import MirrorState
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState
from bootstrap.model.inventory import Inventory

STATE = LabState(Path("/var/lib/kboot/lab/lab"))
POOR = Machine(cgroup_v1=True, may_lower_oom_score=False)
LIKE_METAL = Machine(cgroup_v1=False, may_lower_oom_score=True)


def read(text: str) -> Inventory:
    return Inventory.model_validate(yaml.safe_load(text))


def test_it_reaches_the_labs_hosts_and_nothing_else() -> None:
    inventory = read(inventory_text(STATE, LabSpec("lab", ssh_port=2222).with_hosts(3), POOR))

    assert [(host.name, host.address, host.role) for host in inventory.hosts] == [
        ("cp1", "10.77.0.11", "control-plane"),
        ("w1", "10.77.0.12", "worker"),
        ("w2", "10.77.0.13", "worker"),
    ]
    assert inventory.ssh.user == "admin"
    assert inventory.ssh.port == 2222
    assert inventory.ssh.netns == "/var/lib/kboot/lab/lab/netns"
    assert inventory.ssh.known_hosts == "/var/lib/kboot/lab/lab/known_hosts"


def test_the_cluster_has_the_labs_name() -> None:
    assert read(inventory_text(STATE, LabSpec("dev").with_hosts(1), POOR)).cluster.name == "dev"


def test_the_password_file_is_named_only_where_sudo_asks() -> None:
    plain, asking = LabSpec("lab").with_hosts(1), LabSpec("lab", sudo_password=True).with_hosts(1)

    assert read(inventory_text(STATE, plain, POOR)).ssh.sudo_password_file is None
    assert read(inventory_text(STATE, asking, POOR)).ssh.sudo_password_file == "/var/lib/kboot/lab/lab/sudo-password"


def test_the_bundle_is_named_where_one_was_given() -> None:
    assert read(inventory_text(STATE, LabSpec("lab").with_hosts(1), POOR)).cluster.bundle is None
    assert read(inventory_text(STATE, LabSpec("lab", bundle="/b").with_hosts(1), POOR)).cluster.bundle == "/b"


def test_a_lab_with_mirrors_names_them_in_place_of_the_bundle(tmp_path: Path) -> None:
    state = LabState(tmp_path)
    tree = MirrorState(state).tree
    tree.folder.mkdir()
    tree.fingerprint_file.write_text("AB" * 20 + "\n")
    cluster = read(inventory_text(state, LabSpec("lab", bundle="/b", mirrors=True).with_hosts(1), POOR)).cluster

    assert cluster.bundle is None
    assert cluster.mirrors.kubernetes.url == "http://10.77.0.1:8080/kubernetes"
    assert cluster.mirrors.containerd.key == "AB" * 20
    assert cluster.mirrors.images == dict.fromkeys(("registry.k8s.io", "ghcr.io"), "http://10.77.0.1:5000")
    assert cluster.mirrors.manifests == "/b/manifests"


def test_a_machine_that_lacks_what_metal_has_is_made_up_for() -> None:
    cluster = read(inventory_text(STATE, LabSpec("lab").with_hosts(1), POOR)).cluster

    assert cluster.overlays.kubelet["failCgroupV1"] is False
    assert cluster.overlays.kube_proxy == {"conntrack": {"maxPerCore": 0, "min": 0}}
    assert cluster.overlays.containerd == {
        "plugins": {"io.containerd.cri.v1.runtime": {"restrict_oom_score_adj": True}}
    }
    assert cluster.checks.ignore_kubeadm == ("SystemVerification",)


def test_a_machine_like_metal_needs_less() -> None:
    cluster = read(inventory_text(STATE, LabSpec("lab").with_hosts(1), LIKE_METAL)).cluster

    assert "failCgroupV1" not in cluster.overlays.kubelet
    assert cluster.overlays.kubelet["evictionHard"]["imagefs.available"] == "0%"
    assert cluster.overlays.kubelet["imageGCHighThresholdPercent"] == 100
    assert cluster.overlays.containerd == {}
    assert cluster.checks.ignore_kubeadm == ()


def test_every_difference_from_metal_stands_below_its_reason() -> None:
    lines = inventory_text(STATE, LabSpec("lab").with_hosts(1), POOR).splitlines()

    settings = ("evictionHard", "imageGCHighThresholdPercent", "failCgroupV1", "ignoreKubeadm", "maxPerCore")
    for setting in (*settings, "restrict_oom_score_adj", "netns"):
        at = next(number for number, line in enumerate(lines) if setting in line)
        assert lines[at - 1].lstrip().startswith("# "), setting
