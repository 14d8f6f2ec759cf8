"""Stopped anywhere, `up` goes on: Ctrl-C, SIGKILL of kboot, SIGKILL of the act; in kubeadm init and in a join."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.steps.reset import RESET
from tests.cluster.moments import UNIT, WATCHED_S, fresh, until
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole, join_tokens, ready_nodes

pytestmark = pytest.mark.cluster
PKI = "/etc/kubernetes/pki"
KUBECTL = "kubectl --kubeconfig /etc/kubernetes/super-admin.conf"

# What is there when the act is killed; then what is taken away or emptied, where a moment is too short to be hit.
INIT_POINTS = {
    "half-of-pki": (f"[ -e {PKI}/ca.crt ]", f"rm -f {PKI}/front-proxy-* {PKI}/sa.*"),
    "a-key-without-its-certificate": (
        f"[ -e {PKI}/apiserver.key ]",
        f"rm -f {PKI}/apiserver.crt {PKI}/etcd/server.crt",
    ),
    "an-empty-conf": ("[ -e /etc/kubernetes/admin.conf ]", ": >/etc/kubernetes/admin.conf"),
    "etcds-manifest-alone": (
        "[ -e /etc/kubernetes/manifests/etcd.yaml ]",
        "rm -f /etc/kubernetes/manifests/kube-*.yaml",
    ),
    "api-up": ('[ -n "$(ss -Hltn sport = :6443)" ]', ":"),
    "before-the-node-is-marked": (
        f"{KUBECTL} -n kube-system get configmap kubeadm-config >/dev/null 2>&1",
        ":",
    ),
}
KUBELETS_OWN = "kubectl --kubeconfig /etc/kubernetes/kubelet.conf"
READY = """-o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'"""
JOIN_POINTS = {
    "before-kubelet-starts": "[ -e /etc/kubernetes/bootstrap-kubelet.conf ]",
    "after-its-node-is-registered": f"{KUBELETS_OWN} get node w1 >/dev/null 2>&1",
    "after-its-node-is-ready": f'[ "$({KUBELETS_OWN} get node w1 {READY} 2>/dev/null)" = True ]',
}
# A Node is Ready only once flannel runs there, which is after the act: nothing is left to kill then but kboot.
JOIN_STOPS = [
    (victim, point)
    for victim in ("kboot", "act", "ctrl-c")
    for point in JOIN_POINTS
    if (victim, point) != ("act", "after-its-node-is-ready")
]
# A join whose act was killed may still have come about: asking again decides.
STOPPED_CODES = {"kboot": {-signal.SIGKILL}, "act": {0, 8, 9}, "ctrl-c": {130}}


@pytest.fixture(scope="module")
def prepared(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two hosts with everything but a cluster on them."""
    with scene_of(tmp_path_factory.mktemp("stopped"), bundle, "--hosts", "2") as made:
        made.kboot("up", "--only", "checks,host,runtime")
        yield made


@pytest.fixture
def scene(prepared: Scene) -> Scene:
    """No cluster, whatever the test before left: what an admin does by hand, named path by named path."""
    fresh(prepared, "cp1", "w1")
    return prepared


def test_ctrl_c_in_kubeadm_init_lets_it_end_and_says_how_to_go_on(scene: Scene) -> None:
    process = scene.start("up")
    until(scene, "cp1", f"[ -e {PKI}/ca.crt ]")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WATCHED_S)
    assert process.returncode == 130, err
    assert "python3 -m bootstrap up" in out + err
    assert scene.host("cp1").file("/etc/kubernetes/admin.conf").exists
    _goes_on(scene)


@pytest.mark.drawn("sigkill-of-kboot", 65)
@pytest.mark.parametrize("point", list(INIT_POINTS))
def test_sigkill_of_kboot_in_kubeadm_init(scene: Scene, point: str) -> None:
    process = scene.start("up")
    until(scene, "cp1", INIT_POINTS[point][0])
    process.kill()
    process.communicate(timeout=30)
    _goes_on(scene)


@pytest.mark.drawn("sigkill-of-the-act", 85)
@pytest.mark.parametrize("point", list(INIT_POINTS))
def test_sigkill_of_the_act_in_kubeadm_init(scene: Scene, point: str) -> None:
    reached, then = INIT_POINTS[point]
    process = scene.start("up")
    _kill_act_when(scene, "cp1", reached, then)
    _, err = process.communicate(timeout=WATCHED_S)
    assert process.returncode in {8, 9}, err
    assert "control-plane-initialised" in err
    _goes_on(scene)


@pytest.mark.drawn("stopped-in-a-join", 75)
@pytest.mark.parametrize(("victim", "point"), JOIN_STOPS)
def test_stopped_in_a_join(scene: Scene, victim: str, point: str) -> None:
    process = scene.start("up")
    if victim == "act":
        _kill_act_when(scene, "w1", JOIN_POINTS[point], ":")
    else:
        until(scene, "w1", JOIN_POINTS[point])
        process.send_signal(signal.SIGINT if victim == "ctrl-c" else signal.SIGKILL)
    _, err = process.communicate(timeout=WATCHED_S)
    assert process.returncode in STOPPED_CODES[victim], err
    if victim == "ctrl-c":
        assert join_tokens(scene) == []
    _goes_on(scene)


@pytest.mark.drawn("first-up", 110)
def test_a_worker_that_is_down_in_a_first_up_joins_in_the_next(scene: Scene) -> None:
    scene.lab("power-cut", "w1")
    done = scene.kboot("up", "-o", "json", code=8)
    assert {host["host"]: host["status"] for host in done.json["hosts"]} == {"cp1": "reached", "w1": "unreachable"}
    assert ready_nodes(scene) == {"cp1"}
    scene.lab("start", "w1")
    _goes_on(scene)


@pytest.mark.drawn("first-up", 110)
def test_after_the_reset_that_advice_names_up_makes_a_new_cluster(scene: Scene) -> None:
    scene.kboot("up")
    was = scene.get("namespaces", "--field-selector", "metadata.name=kube-system")[0]["metadata"]["uid"]
    for host in ("cp1", "w1"):
        scene.sh(host, f"{RESET}; exit 0")
    _goes_on(scene)
    now = scene.get("namespaces", "--field-selector", "metadata.name=kube-system")[0]["metadata"]["uid"]
    assert now != was


def _goes_on(scene: Scene) -> None:
    """The same command, plainly, and the whole end state; no token of the killed run lives."""
    scene.kboot("up")
    assert_whole(scene, "cp1", "w1")
    assert join_tokens(scene) == []


def _kill_act_when(scene: Scene, host: str, condition: str, then: str) -> None:
    """Watched and killed on the host itself, so that the moment is hit."""
    scene.sh(
        host,
        f"i=0; until {condition}; do i=$((i+1)); [ $i -lt 15000 ] || exit 1; sleep 0.02; done\n"
        f"systemctl kill --signal=KILL {UNIT}\n"
        f"while [ -e /run/systemd/transient/{UNIT} ]; do sleep 0.1; done\n{then}\n",
    )
