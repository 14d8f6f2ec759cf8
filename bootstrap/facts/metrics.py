"""What the metrics API answers."""

import json
import shlex
from dataclasses import dataclass

from bootstrap.facts.api import ONE_VERSION, bodies
from bootstrap.facts.kubectl import asked_with_kubectl, last_line
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the metrics API answers for: names of nodes, and how many pods.

    When it does not answer, `refused` says why, and `servers` are the nodes on which metrics-server's pods are (empty:
    none has a node yet).
    """

    nodes: frozenset[str]
    pods: int
    refused: str = ""
    servers: frozenset[str] = frozenset()


def _metrics(out: Output) -> Answer[Metrics]:
    nodes, pods = map(json.loads, bodies(out.stdout) or out.stdout.split("\n", 1))
    return Known(Metrics(frozenset(one["metadata"]["name"] for one in nodes["items"]), len(pods["items"])))


def _refused(out: Output) -> Answer[Metrics]:
    why = last_line(out.stderr) or "the metrics API does not answer"
    return Known(Metrics(frozenset(), 0, why, frozenset(out.stdout.split())))


# Pods that are to run: not those on their way out, nor evicted ones, whose objects stay. The label is upstream's
# (kubernetes-sigs/metrics-server, manifests/base/deployment.yaml, checked 2026-11).
_PLACES = (
    '{{range .items}}{{if not .metadata.deletionTimestamp}}{{if ne .status.phase "Failed"}}'
    '{{with .spec.nodeName}}{{.}}{{"\\n"}}{{end}}{{end}}{{end}}{{end}}'
)
# The pods are asked for only when there are no metrics: a converged run does not pay for it.
_API = "/apis/metrics.k8s.io/v1beta1"
METRICS: Fact[Metrics] = asked_with_kubectl(
    "metrics",
    f"api api-metrics '{ONE_VERSION}' {_API}/nodes {_API}/pods && exit\n"
    f"nodes=$(k get --raw {_API}/nodes) && "
    f'pods=$(k get --raw {_API}/pods) && printf "%s\\n%s\\n" "$nodes" "$pods" && exit; '
    "k -n kube-system get pods -l k8s-app=metrics-server "
    f"-o go-template={shlex.quote(_PLACES)} 2>/dev/null; exit 1",
    _metrics,
    failed=_refused,
    deadline_s=12.0,
)
