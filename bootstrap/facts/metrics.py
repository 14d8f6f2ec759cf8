"""What the metrics API answers."""

import json
from dataclasses import dataclass

from bootstrap.facts.kubectl import asked_with_kubectl, last_line
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import Fact, Output


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the metrics API answers for: names of nodes, and how many pods."""

    nodes: frozenset[str]
    pods: int


def _metrics(out: Output) -> Answer[Metrics]:
    nodes, pods = map(json.loads, out.stdout.split("\n", 1))
    return Known(Metrics(frozenset(one["metadata"]["name"] for one in nodes["items"]), len(pods["items"])))


def _refused(out: Output) -> Answer[Metrics]:
    return Absent(last_line(out.stderr) or "the metrics API does not answer")


METRICS: Fact[Metrics] = asked_with_kubectl(
    "metrics",
    "nodes=$(k get --raw /apis/metrics.k8s.io/v1beta1/nodes) && "
    'pods=$(k get --raw /apis/metrics.k8s.io/v1beta1/pods) && printf "%s\\n%s\\n" "$nodes" "$pods"',
    _metrics,
    failed=_refused,
    deadline_s=12.0,
)
