"""What kubectl prints about the cluster, and what is made of it."""

import base64
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bootstrap.facts.kubectl import Ref, objects
from bootstrap.facts.metrics import METRICS, Metrics
from bootstrap.facts.nodes import NODES, taint_text
from bootstrap.facts.tokens import TOKENS
from bootstrap.model.answer import Absent, Known, Unreadable
from bootstrap.model.fact import Fact, Output

REFUSED = "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?"
CONFIG = Ref("v1", "ConfigMap", "kubeadm-config", "kube-system")
METRICS_API = Ref("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io")


def item(ref: Ref) -> dict[str, Any]:
    return {**ref.stub(), "data": {"a": "b"}}


@pytest.mark.parametrize("fact", [NODES, TOKENS, objects([CONFIG]), METRICS], ids=lambda fact: fact.name)
def test_without_an_admin_conf_there_is_no_cluster(fact: Fact[Any]) -> None:
    assert isinstance(fact.read(Output(44, "")), Absent)


@pytest.mark.parametrize("fact", [NODES, TOKENS, objects([CONFIG])], ids=lambda fact: fact.name)
def test_an_api_that_refuses_is_unreadable_and_never_absent(fact: Fact[Any]) -> None:
    answer = fact.read(Output(1, "", REFUSED))
    assert isinstance(answer, Unreadable)
    assert "refused" in answer.why


def test_a_token_is_known_by_its_id_and_description_and_time_left() -> None:
    now = datetime(2026, 11, 21, 10, tzinfo=UTC)
    rows = [
        str(int(now.timestamp())),
        _token("abcdef", "2026-11-21T10:10:00Z", "kboot run 1"),
        _token("zzzzzz", "", ""),
    ]
    answer = TOKENS.read(Output(0, "\n".join(rows) + "\n"))
    assert isinstance(answer, Known)
    ours, users = answer.value
    assert (ours.id, ours.description, ours.left_s) == ("abcdef", "kboot run 1", 600.0)
    assert ours.lives(599)
    assert not ours.lives(601)
    assert users.lives(10**9), "one that never expires"


def _token(token_id: str, expires: str, description: str) -> str:
    encoded = [base64.b64encode(value.encode()).decode() for value in (expires, description)]
    return "\t".join([f"bootstrap-token-{token_id}", *encoded])


def test_no_question_prints_the_secret_half_of_a_token() -> None:
    assert "token-secret" not in TOKENS.script
    assert "go-template" in TOKENS.script


def test_one_object_and_several_and_none_are_told_alike() -> None:
    fact = objects([CONFIG, METRICS_API])
    both = {"apiVersion": "v1", "kind": "List", "items": [item(CONFIG), item(METRICS_API)]}
    assert fact.read(Output(0, json.dumps(both))) == Known({CONFIG: item(CONFIG), METRICS_API: item(METRICS_API)})
    assert fact.read(Output(0, json.dumps(item(CONFIG)))) == Known({CONFIG: item(CONFIG)})
    assert fact.read(Output(0, "")) == Known({})


def test_a_kind_that_is_not_defined_yet_is_simply_not_there() -> None:
    stderr = (
        'error: resource mapping not found for name: "x" namespace: "" from "STDIN": no matches for kind "Pool" in '
        'version "metallb.io/v1beta1"\nensure CRDs are installed first\n'
    )
    assert objects([CONFIG]).read(Output(1, json.dumps(item(CONFIG)), stderr)) == Known({CONFIG: item(CONFIG)})


def test_the_same_objects_are_the_same_question_in_any_order() -> None:
    assert objects([CONFIG, METRICS_API]) == objects([METRICS_API, CONFIG])


def test_a_node_that_never_reported_is_not_ready() -> None:
    node = {"metadata": {"name": "w1", "uid": "u"}, "spec": {}, "status": {}}
    answer = NODES.read(Output(0, json.dumps({"items": [node]})))
    assert isinstance(answer, Known)
    assert (answer.value["w1"].ready, answer.value["w1"].is_ready) == ("Unknown", False)


def test_metrics_that_are_refused_tell_the_reason_and_where_the_servers_pods_are() -> None:
    why = "Error from server (ServiceUnavailable): try later"
    assert METRICS.read(Output(1, "", why)) == Known(Metrics(frozenset(), 0, why))
    assert METRICS.read(Output(1, "w1\n", why)) == Known(Metrics(frozenset(), 0, why, frozenset({"w1"})))


@pytest.mark.parametrize("answers", [True, False])
def test_the_servers_pods_are_asked_for_only_when_there_are_no_metrics(answers: bool, tmp_path: Path) -> None:
    k = f'k() {{ echo "$*" >>{tmp_path}/asked; case $2 in --raw) {"echo {}" if answers else "exit 1"};; esac; }}; '
    script = METRICS.script[METRICS.script.index("nodes=") :]
    subprocess.run(["sh"], input=k + script, text=True, capture_output=True, timeout=60, check=False)
    assert ("get pods" in (tmp_path / "asked").read_text()) is not answers


def test_metrics_count_pods_and_name_nodes() -> None:
    nodes = {"items": [{"metadata": {"name": "w1"}}]}
    answer = METRICS.read(Output(0, json.dumps(nodes) + "\n" + json.dumps({"items": [{}, {}]}) + "\n"))
    assert answer == Known(Metrics(frozenset({"w1"}), 2))


@pytest.mark.parametrize(
    ("taint", "text"),
    [
        ({"key": "a/b", "value": "c", "effect": "NoSchedule"}, "a/b=c:NoSchedule"),
        ({"key": "a/b", "value": "", "effect": "NoExecute"}, "a/b:NoExecute"),
        ({"key": "a/b", "effect": "NoExecute"}, "a/b:NoExecute"),
    ],
)
def test_a_taint_is_written_as_kubectl_takes_it(taint: dict[str, str], text: str) -> None:
    assert taint_text(taint) == text
