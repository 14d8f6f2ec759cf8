"""Two labs of one host each, with the same addresses in namespaces of their own: left, killed, and made otherwise."""

import json
import signal
import time
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from bootstrap.model.tables.versions import DEFAULT_KUBERNETES, VERSIONS
from bootstrap.steps.runtime.images import AGNHOST
from tests.cluster.moments import UNIT, fresh, until
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster
LEAVING_S = 3.0
ENDING_S = 300
PODS, SERVICES, DOMAIN = "10.200.0.0/16", "172.31.0.0/20", "lab.internal"
# The packages before the kernel's settings: not the order of kboot's own playbooks, and no cluster.
OWN = """\
apiVersion: kboot/v1
kind: Playbook
name: packages-first
summary: A host that could be a node, made in an order of my own.
phases:
  - name: packages
    targets: all
    steps: [package-source-trusted, containerd-installed, containerd-configured, containerd-fresh, kubernetes-held]
  - name: kernel
    targets: all
    steps: [modules-loaded, sysctls-set]
"""
LOOKER = "looker"


@pytest.fixture(scope="module")
def one(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("one"), bundle, "--hosts", "1") as made:
        yield made


@pytest.fixture(scope="module")
def other(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The same names and addresses; other pod and service networks, and another DNS domain."""
    networks = {"podCIDR": PODS, "serviceCIDR": SERVICES, "dnsDomain": DOMAIN}
    with scene_of(tmp_path_factory.mktemp("other"), bundle, "--hosts", "1") as made:
        made.edit_inventory(lambda wanted: wanted["cluster"].update(networks))
        yield made


@pytest.mark.drawn("ctrl-c-twice", 80)
def test_ctrl_c_twice_leaves_at_once_and_the_next_up_goes_on(one: Scene) -> None:
    fresh(one, "cp1")
    process = one.start("up")
    until(one, "cp1", "pgrep -f 'images import' >/dev/null")
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None, "the first one lets what runs come to its end"
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=ENDING_S)
    assert time.monotonic() - began < LEAVING_S
    assert process.returncode == 130, err
    assert "stopping" in err
    assert "goes on there" in err
    assert "python3 -m bootstrap up" in out + err
    until(one, "cp1", f"[ ! -e /run/systemd/transient/{UNIT} ]")
    images = one.sh("cp1", "ctr -n k8s.io images ls -q")
    assert "kube-apiserver" in images, "the act outlived kboot"
    assert "metrics-server" in images
    one.kboot("up")
    assert_whole(one, "cp1")


@pytest.mark.drawn("own-playbook", 105)
def test_a_playbook_of_the_users_own_then_up(other: Scene) -> None:
    fresh(other, "cp1")
    (other.folder / "own.yaml").write_text(OWN)
    other.kboot("plan", "./own.yaml", code=10 if not other.host("cp1").package("kubelet").is_installed else 0)
    done = other.kboot("run", "./own.yaml", "-o", "json")
    assert [step for step, _ in other.rows(done)][-2:] == ["modules-loaded", "sysctls-set"]
    host = other.host("cp1")
    assert host.service("containerd").is_running
    assert host.package("kubelet").is_installed
    assert not host.file("/etc/kubernetes/manifests/etcd.yaml").exists
    assert set(other.rows(other.kboot("run", "./own.yaml", "-o", "json")).values()) == {"ok"}
    (other.folder / "wrong.yaml").write_text(OWN.replace("sysctls-set", "sysctls-sett"))
    assert "wrong.yaml:11:" in other.kboot("run", "./wrong.yaml", code=3).err
    other.kboot("up")
    assert_whole(other, "cp1")


@pytest.mark.drawn("two-labs", 125)
def test_two_labs_at_once_of_which_one_is_killed_in_its_up(one: Scene, other: Scene) -> None:
    for scene in (one, other):
        fresh(scene, "cp1")
    killed, left = one.start("up"), other.start("up")
    until(one, "cp1", "[ -e /etc/kubernetes/pki/ca.crt ]")
    killed.kill()
    killed.communicate(timeout=ENDING_S)
    out, err = left.communicate(timeout=ENDING_S)
    assert left.returncode == 0, out + err
    assert_whole(other, "cp1")
    one.kboot("up")
    assert_whole(one, "cp1")
    assert one.wanted["hosts"] == other.wanted["hosts"], "the same names and addresses"
    assert _uid(one) != _uid(other)


@pytest.mark.drawn("networks", 75)
def test_another_pod_and_service_cidr_and_dns_domain(other: Scene) -> None:
    other.kboot("up")
    assert_whole(other, "cp1")
    pods = [pod for pod in other.get("pods", "-A") if not pod["spec"].get("hostNetwork")]
    assert pods
    for pod in pods:
        assert ip_address(pod["status"]["podIP"]) in ip_network(PODS), pod["metadata"]["name"]
    assert [ip_network(node["spec"]["podCIDR"]).supernet(new_prefix=16) for node in other.get("nodes")] == [
        ip_network(PODS)
    ]
    services = {one["metadata"]["name"]: one["spec"]["clusterIP"] for one in other.get("services", "-A")}
    assert services["kubernetes"] == "172.31.0.1"
    assert services["kube-dns"] == "172.31.0.10"
    assert all(ip_address(address) in ip_network(SERVICES) for address in services.values())
    name = f"kubernetes.default.svc.{DOMAIN}"
    told = _in_a_pod(other, f"cat /etc/resolv.conf; nslookup {name}.; exit 0")
    assert "nameserver 172.31.0.10" in told
    assert f"search default.svc.{DOMAIN} svc.{DOMAIN}" in told
    assert "Address: 172.31.0.1\n" in told
    assert set(other.rows(other.kboot("up", "-o", "json")).values()) == {"ok"}


def _in_a_pod(scene: Scene, script: str) -> str:
    """What a shell script prints in a pod of the cluster."""
    image = f"{AGNHOST}:{VERSIONS[DEFAULT_KUBERNETES].agnhost}"
    container = {"name": LOOKER, "image": image, "imagePullPolicy": "Never", "command": ["sh", "-c", script]}
    overrides = json.dumps({"spec": {"containers": [container]}})
    scene.kubectl("run", LOOKER, f"--image={image}", "--restart=Never", f"--overrides={overrides}")
    try:
        scene.kubectl("wait", f"pod/{LOOKER}", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s")
        return scene.kubectl("logs", LOOKER)
    finally:
        scene.kubectl("delete", "pod", LOOKER, "--now")


def _uid(scene: Scene) -> str:
    """What tells one cluster from another."""
    found = scene.get("namespaces", "--field-selector", "metadata.name=kube-system")
    return str(found[0]["metadata"]["uid"])
