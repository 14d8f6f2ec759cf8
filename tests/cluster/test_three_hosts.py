"""Three hosts behind ufw (default deny, routed deny), sshd on 2222, 22 closed: the main job and the life after it."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.cli.site import connections, find_site
from bootstrap.steps import REGISTRY
from tests.cluster.decided import hasty
from tests.cluster.read_only import told_apart
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole, ready_nodes
from tests.cluster.trees import EXPLAINED, changed, tree

pytestmark = pytest.mark.cluster
HOSTS = ("cp1", "w1", "w2")
# kubelet clears away a deleted pod's containers, and then its logs, once a minute: these are the probe's of before.
PROBE_CLEARED = """\
i=0
while ls /var/log/pods | grep -q kboot-probe; do i=$((i+1)); [ $i -lt 360 ] || exit 1; sleep 0.5; done
sleep 3
"""


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    options = ("--hosts", "3", "--with", "ufw", "--ssh-port", "2222")
    with scene_of(tmp_path_factory.mktemp("three"), bundle, *options) as made:
        yield made


def test_a_plan_of_bare_hosts_changes_no_path_on_them(scene: Scene) -> None:
    first = {host: tree(scene, host) for host in HOSTS}
    began = time.monotonic()
    scene.kboot("plan", "up", code=10)
    taken = time.monotonic() - began
    after = {host: tree(scene, host) for host in HOSTS}
    time.sleep(taken)
    idle = {host: tree(scene, host) for host in HOSTS}
    for host in HOSTS:
        by_itself = changed(after[host], idle[host])
        assert changed(first[host], after[host]) - by_itself - EXPLAINED == set(), host
    assert hasty(scene) == []


def test_join_workers_before_init_master_says_so_and_changes_nothing(scene: Scene) -> None:
    done = scene.kboot("join-workers", code=6)
    assert "init-master" in done.out + done.err
    assert not scene.host("w1").package("kubelet").is_installed


def test_init_master_then_join_workers_make_the_whole_cluster(scene: Scene) -> None:
    scene.kboot("init-master")
    assert ready_nodes(scene) == {"cp1"}
    assert hasty(scene) == []
    scene.kboot("join-workers")
    assert_whole(scene, *HOSTS)
    assert hasty(scene) == []


def test_default_deny_still_stands_and_port_22_is_closed(scene: Scene) -> None:
    for host in HOSTS:
        seen = scene.host(host)
        status = seen.check_output("ufw status verbose")
        assert "Status: active" in status
        assert "deny (incoming)" in status
        assert "deny (routed)" in status
        assert seen.socket("tcp://0.0.0.0:2222").is_listening
        assert not seen.socket("tcp://0.0.0.0:22").is_listening


def test_kubectl_works_on_the_control_plane_with_and_without_sudo(scene: Scene) -> None:
    assert "cp1" in scene.sh("cp1", "kubectl get nodes")
    assert "cp1" in scene.sh("cp1", "su - admin -c 'kubectl get nodes'")
    config = scene.host("cp1").file("/home/admin/.kube/config")
    assert (config.user, config.mode) == ("admin", 0o600)


def test_a_second_up_changes_nothing_and_costs_one_login_and_one_exec_a_host(scene: Scene) -> None:
    scene.kboot("up")  # whatever init-master and join-workers left to `up` is done here
    for host in HOSTS:
        scene.sh(host, PROBE_CLEARED)
    before = {host: _log(scene, host) for host in HOSTS}
    first = {host: tree(scene, host) for host in HOSTS}
    began = time.monotonic()
    done = scene.kboot("up", "-o", "json")
    taken = time.monotonic() - began
    after = {host: tree(scene, host) for host in HOSTS}
    # A law of every step: on the facts that its own actions lead to, it is satisfied.
    assert {step for step, _ in scene.rows(done)} == {step.name() for step in REGISTRY}
    assert set(scene.rows(done).values()) == {"ok"}
    time.sleep(taken)
    idle = {host: tree(scene, host) for host in HOSTS}
    for host in HOSTS:
        by_itself = changed(after[host], idle[host])
        strange = changed(first[host], after[host]) - by_itself - EXPLAINED
        assert not [path for path in strange if re.match(r"/(etc|usr|opt)/", path)], host
        assert strange == set(), host
        logins, execs = _log(scene, host)
        # three trees and this look at the log itself are ours, by plain ssh
        own = 3 + 1
        assert (logins - before[host][0] - own, execs - before[host][1] - own) == (1, 1), host


def test_no_fact_of_a_cluster_writes_to_a_hosts_disk(scene: Scene) -> None:
    with connections(find_site(scene.inventory)) as hosts:
        assert told_apart(hosts["cp1"]) == {}


def test_a_worker_that_is_down_leaves_the_others_working(scene: Scene) -> None:
    # metrics-server's own host would take metrics with it for the five minutes until Kubernetes moves the pod.
    measuring = scene.get("pods", "-n", "kube-system", "-l", "k8s-app=metrics-server")[0]["spec"]["nodeName"]
    down = next(host for host in ("w1", "w2") if host != measuring)
    scene.lab("power-cut", down)
    done = scene.kboot("up", "-o", "json", code=8)
    assert {host["host"]: host["status"] for host in done.json["hosts"]}[down] == "unreachable"
    assert {row["status"] for row in done.json["rows"] if row["target"] != down} == {"ok"}
    scene.lab("start", down)
    _wait_until_whole(scene, *HOSTS)


def test_one_more_host_joins_later(scene: Scene) -> None:
    scene.lab("up", "--hosts", "4")
    alone = scene.kboot("join-workers", "--limit", "w3", code=6)
    assert "Add cp1,w1,w2 to --limit" in alone.out, "their firewalls do not let it in yet"
    scene.kboot("join-workers")
    assert_whole(scene, *HOSTS, "w3")


def test_after_a_reboot_of_every_host_the_cluster_comes_back_by_itself(scene: Scene) -> None:
    scene.lab("reboot")
    _wait_until_whole(scene, *HOSTS, "w3")
    done = scene.kboot("up", "-o", "json")
    assert set(scene.rows(done).values()) == {"ok"}


def test_a_closer_limit_in_the_inventory_takes_kboots_wider_rules_away(scene: Scene) -> None:
    limits = {"metrics4443": "closed", "apiFrom": ["10.77.0.1/32"]}
    scene.edit_inventory(lambda wanted: wanted["cluster"].update(firewall=limits))
    assert "ufw delete allow" in scene.kboot("plan", "up", "-v", code=10).out
    scene.kboot("up")
    hosts = [host["name"] for host in scene.wanted["hosts"]]
    for host in hosts:
        rules = scene.host(host).check_output("ufw status")
        assert "4443" not in rules
        assert not re.search(r"^6443/tcp +ALLOW +Anywhere", rules, re.MULTILINE)
    assert_whole(scene, *hosts)
    assert set(scene.rows(scene.kboot("up", "-o", "json")).values()) == {"ok"}


def test_a_drift_that_is_only_reported_is_said_without_being_asked(scene: Scene) -> None:
    before = scene.inventory.read_text()
    scene.edit_inventory(lambda wanted: wanted["cluster"].update(certSANs=["k8s.lab.example"]))
    done = scene.kboot("up")
    assert "certSANs" in done.out
    scene.inventory.write_text(before)


def test_a_stopped_kubelet_and_a_metrics_server_scaled_to_nothing_run_again(scene: Scene) -> None:
    scene.host("w2").check_output("systemctl disable --now kubelet")
    scene.kubectl("-n", "kube-system", "scale", "deployment", "metrics-server", "--replicas=0")
    rows = scene.rows(scene.kboot("up", "-o", "json"))
    changed = {row for row, status in rows.items() if status == "changed"}
    assert changed == {("kubelet-running", "w2"), ("metrics-server-running", "@cluster")}
    assert scene.host("w2").service("kubelet").is_enabled
    assert_whole(scene, *(host["name"] for host in scene.wanted["hosts"]))


def _wait_until_whole(scene: Scene, *hosts: str) -> None:
    """Ask until the end state holds; bounded."""
    deadline = time.monotonic() + 240
    while True:
        try:
            assert_whole(scene, *hosts)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(3)
        else:
            return


def _log(scene: Scene, host: str) -> tuple[int, int]:
    """(logins, execs) that this host's sshd has logged; sshd says both at LogLevel VERBOSE."""
    log = scene.sh(host, "journalctl -b -o cat _COMM=sshd")
    return log.count("Accepted publickey"), log.count("Starting session:")
