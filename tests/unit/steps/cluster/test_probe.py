"""The probe's script, run by a real shell with a kubectl that plays a cluster."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.model.inventory import Inventory
from bootstrap.model.target import RunValues, Wanted
from bootstrap.steps.cluster.probe import Record, longest_s, peers, probing, recorded
from bootstrap.steps.kubectl import PROBE_RECORD
from tests.unit.programs import put

NODES = {"cp1": "a", "w1": "b", "w2": "c"}
INVENTORY = {"apiVersion": "kboot/v1", "hosts": [{"name": "cp1", "address": "10.0.0.11", "role": "control-plane"}]}
WANTED = Wanted(
    Inventory.model_validate(INVENTORY), RunValues("run-1", "abcdef", datetime(2026, 11, 21, tzinfo=UTC), "/kubeconfig")
)

# Answers as the cluster would; what is written down goes to $STATE.
KUBECTL = """\
echo "$*" >>"$STATE/calls"
case "$*" in
    *"get pods"*) cat "$STATE/pods" ;;
    *" exec probe-w2 "*) echo "w2 cp1 UDP"; echo "wget: timed out" >&2 ;;
    *" exec probe-broken "*) echo "unable to upgrade connection" >&2; exit 1 ;;
    *"create configmap"*) cp failed "$STATE/failed" ;;
    *apply*) cat >"$STATE/applied" ;;
esac
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    put(tmp_path, "kubectl", KUBECTL)
    return tmp_path


def run(state: Path, pods: dict[str, str]) -> list[str]:
    lines = [f"{node}   {pod}   10.244.0.{n}   True\n" for n, (node, pod) in enumerate(pods.items())]
    (state / "pods").write_text("".join(lines))
    script = str(probing(WANTED, "network", NODES).stdin).replace("+ 180))", "+ 1))").replace("/run/", f"{state}/")
    environment = {**os.environ, "PATH": f"{state}:{os.environ['PATH']}", "STATE": str(state)}
    done = subprocess.run(
        ["sh", "-s"], input=script, text=True, capture_output=True, timeout=60, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert not list(state.glob("kboot-probe.*")), "its scratch folder is gone"
    assert "delete daemonset kboot-probe" in (state / "calls").read_text().splitlines()[-1]
    return (state / "failed").read_text().splitlines()


def test_what_a_pod_says_failed_is_in_the_verdict(state: Path) -> None:
    assert run(state, {name: f"probe-{name}" for name in NODES}) == ["w2 cp1 UDP"]
    calls = (state / "calls").read_text()
    assert "--from-literal=run=run-1 --from-literal=network=network" in calls
    assert '--from-literal=nodes={"cp1": "a", "w1": "b", "w2": "c"}' in calls
    assert '"kind": "DaemonSet"' in (state / "applied").read_text()


def test_each_talks_to_each_other_by_the_address_of_its_pod(state: Path) -> None:
    run(state, {name: f"probe-{name}" for name in NODES})
    execs = [
        line for line in (state / "calls").read_text().splitlines() if line.startswith("probe ") or " probe " in line
    ]
    assert any("probe w1 w2=10.244.0.2 cp1=10.244.0.0" in line for line in execs)


def test_a_pod_that_does_not_start_is_named_and_not_talked_to(state: Path) -> None:
    assert run(state, {"cp1": "probe-cp1", "w2": "probe-quiet"}) == ["w1 w1 START"]
    assert "w1=" not in (state / "calls").read_text()


def test_a_pod_in_which_nothing_can_be_run_is_named(state: Path) -> None:
    assert run(state, {"cp1": "probe-cp1", "w1": "probe-broken", "w2": "probe-quiet"}) == ["w1 w1 EXEC"]


def test_a_record_that_cannot_be_read_is_none() -> None:
    assert recorded({}) is None
    assert recorded({PROBE_RECORD: {}}) is None
    assert recorded({PROBE_RECORD: {"data": {"run": "r", "network": "n", "nodes": "[", "failed": ""}}}) is None
    assert recorded({PROBE_RECORD: {"data": {"run": "r", "network": "n", "nodes": "1", "failed": ""}}}) is None


def test_a_record_covers_the_same_network_and_fewer_nodes_and_no_other() -> None:
    record = Record("r", "n", NODES, ())
    assert record.covers("n", {"cp1": "a"})
    assert not record.covers("n", {"cp1": "other"})
    assert not record.covers("n", {"w9": "a"})
    assert not record.covers("m", {"cp1": "a"})


def test_what_failed_with_a_node_that_was_lost_since_is_not_about_the_others() -> None:
    failed = ("cp1 w1 TCP", "w1 w1 START", "w1 kubernetes.default DNS", "w2 kubernetes.default DNS", "w2 cp1 UDP")
    record = Record("r", "n", NODES, failed)
    assert record.apart(NODES) == failed
    assert record.apart({"cp1": "a", "w2": "c"}) == ("w2 kubernetes.default DNS", "w2 cp1 UDP")


# A second passes with every nap, and with nothing else.
CLOCK = {"sleep": 'echo "$1" >>naps', "date": "wc -l <naps"}


def test_a_peer_that_does_not_answer_is_tried_some_times_and_not_for_long(tmp_path: Path) -> None:
    """The pod's own script, with an agnhost and a busybox that never answer; naps are counted, not slept."""
    inner = str(probing(WANTED, "network", NODES).stdin).partition("cat >inner <<'.'\n")[2].partition("\n.\n")[0]
    for name, script in {"busybox": "exit 1", "agnhost": "exit 1", **CLOCK}.items():
        put(tmp_path, name, f"cd {tmp_path}\n{script}")
    (tmp_path / "naps").touch()
    done = subprocess.run(
        ["sh", "-c", inner.replace("/agnhost", "agnhost"), "probe", "w1", "w2=10.244.2.2"],
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    assert sorted(done.stdout.splitlines()) == ["w1 kubernetes.default DNS", "w1 w2 TCP", "w1 w2 UDP"]
    assert 12 <= len((tmp_path / "naps").read_text().split()) <= 12 + 3, "all three end when the time is over"


def test_the_verdict_comes_before_the_acts_own_end() -> None:
    act = probing(WANTED, "network", NODES)
    assert act.timeout_s >= longest_s(WANTED) + 60
    assert f"+ {longest_s(WANTED) - 40}))" in str(act.stdin)
    assert "timeout 40 kubectl" in str(act.stdin)


@pytest.mark.parametrize("count", [1, 2, 12, 13, 100])
def test_every_node_talks_and_is_talked_to(count: int) -> None:
    names = [f"w{number}" for number in range(count)]
    talks = {name: peers(name, names) for name in names}
    assert all(name not in others and len(others) == min(count - 1, 11) for name, others in talks.items())
    assert {other for others in talks.values() for other in others} == (set(names) if count > 1 else set())
