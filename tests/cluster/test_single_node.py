"""A lab of one: no workers, so the control plane runs everything; and a user whom sudo asks for a password."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("single"), bundle, "--hosts", "1", "--sudo-password") as made:
        yield made


def test_a_wrong_sudo_password_is_told_and_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password\n")
    wrong.chmod(0o600)
    right = scene.wanted["ssh"]["sudoPasswordFile"]
    scene.edit_inventory(lambda wanted: wanted["ssh"].update(sudoPasswordFile=str(wrong)))
    done = scene.kboot("init-master", code=4)
    assert "KB1105" in done.err + done.out
    scene.edit_inventory(lambda wanted: wanted["ssh"].update(sudoPasswordFile=right))
    assert not scene.host("cp1").package("kubelet").is_installed


def test_init_master_alone_makes_the_whole_cluster(scene: Scene) -> None:
    done = scene.kboot("init-master")
    assert Path(scene.wanted["ssh"]["sudoPasswordFile"]).read_text().strip() not in done.out + done.err
    assert_whole(scene, "cp1")


def test_the_control_plane_takes_pods_and_a_second_run_does_not_flap(scene: Scene) -> None:
    assert scene.get("nodes")[0]["spec"].get("taints", []) == []
    done = scene.kboot("init-master", "-o", "json")
    assert set(scene.rows(done).values()) == {"ok"}


def test_a_deleted_cni_plugin_and_runc_are_seen_and_come_back(scene: Scene) -> None:
    scene.sh("cp1", "rm /opt/cni/bin/bridge /usr/bin/runc")
    done = scene.kboot("init-master", "-o", "json")
    rows = scene.rows(done)
    assert {step for (step, _), status in rows.items() if status == "changed"} >= {
        "kubernetes-held",
        "containerd-installed",
    }
    for path in ("/opt/cni/bin/bridge", "/usr/bin/runc"):
        assert scene.host("cp1").file(path).size > 0
    assert_whole(scene, "cp1")


def test_join_workers_without_workers_has_nothing_to_join(scene: Scene) -> None:
    scene.kboot("join-workers")
    assert_whole(scene, "cp1")


def test_status_tells_in_one_screen_what_is_asked_in_the_morning(scene: Scene) -> None:
    told = scene.kboot("status", "-o", "json").json
    assert [(node["name"], node["status"], node["why"]) for node in told["nodes"]] == [("cp1", "Ready", "")]
    assert told["pods"] == []
    days = {one["name"]: one["daysLeft"] for one in told["certificates"]}
    assert {"apiserver", "etcd/server", "admin.conf", "kubelet client"} <= set(days)
    assert min(days.values()) > 300
    assert days["ca"] > 3000
    scene.kubectl("-n", "kube-system", "run", "broken", "--image=example.invalid/none:1")
    scene.kubectl("-n", "kube-system", "wait", "pod/broken", "--for=jsonpath={.status.phase}=Pending", "--timeout=30s")
    shown = scene.kboot("status").out
    scene.kubectl("-n", "kube-system", "delete", "pod", "broken", "--now")
    assert "kube-system/broken" in shown
    assert "certificates: the first ends in 36" in shown


def test_an_addon_that_somebody_edited_is_listed_so_and_put_back(scene: Scene) -> None:
    assert scene.addons() == {"flannel": "ready", "metrics-server": "ready"}
    edited = ("clusterrole", "system:metrics-server", "kboot.dev/digest=other")
    scene.kubectl("annotate", "--overwrite", *edited)
    assert scene.addons()["metrics-server"] == "differs"
    done = scene.kboot("addons", "apply", "metrics-server", "-o", "json")
    assert scene.rows(done) == {
        ("metrics-server-running", "@cluster"): "changed",
        ("metrics-answering", "@cluster"): "ok",
        ("probe-gone", "@cluster"): "ok",
        ("join-tokens-revoked", "@cluster"): "ok",
    }
    assert scene.addons()["metrics-server"] == "ready"
