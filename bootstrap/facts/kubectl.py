"""The cluster's objects, asked with kubectl on the first control plane: three questions for the whole cluster.

kubectl costs about 70 ms of CPU each time, so steps share these. `--cache-dir` keeps its discovery cache in the exec's
scratch folder: asking writes no byte to the host's disk. Absent: this host has no admin.conf, so no cluster.
"""

import base64
import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from bootstrap.model.answer import Absent, Answer, Known, Unreadable
from bootstrap.model.fact import Fact, Output

ADMIN_CONF = "/etc/kubernetes/admin.conf"
_ABSENT = 44
_DEADLINE_S = 9.0
_KUBECTL = (
    f"[ -s {ADMIN_CONF} ] && command -v kubectl >/dev/null || exit {_ABSENT}; "
    f'k() {{ kubectl --kubeconfig {ADMIN_CONF} --request-timeout=5s --cache-dir="$PWD/kubectl" "$@"; }}; '
)
_NO_CLUSTER = f"{ADMIN_CONF} is not there"

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Node:
    """A Node as the API server has it. `ready` is the Ready condition's status: True, False or Unknown (silent)."""

    name: str
    uid: str
    machine_id: str
    ready: str
    why: str = ""
    address: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether its kubelet says that it can run pods."""
        return self.ready == "True"


def _node(item: Json) -> Node:
    meta, status = item["metadata"], item["status"]
    ready = next((one for one in status.get("conditions", ()) if one["type"] == "Ready"), {"status": "Unknown"})
    internal = (one["address"] for one in status.get("addresses", ()) if one["type"] == "InternalIP")
    return Node(
        name=meta["name"],
        uid=meta["uid"],
        machine_id=status.get("nodeInfo", {}).get("machineID", ""),
        ready=ready["status"],
        why=ready.get("message", ""),
        address=next(internal, ""),
        labels=meta.get("labels", {}),
        annotations=meta.get("annotations", {}),
        taints=tuple(taint_text(one) for one in item["spec"].get("taints", ())),
    )


def taint_text(taint: Mapping[str, str]) -> str:
    """`key=value:effect`, and `key:effect` where there is no value: as `kubectl taint` writes it."""
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def _nodes(out: Output) -> Answer[dict[str, Node]]:
    if out.exit_code == _ABSENT:
        return Absent(_NO_CLUSTER)
    return Known({node.name: node for node in map(_node, json.loads(out.stdout)["items"])})


NODES: Fact[dict[str, Node]] = Fact(
    "nodes", f"{_KUBECTL}k get nodes -o json", _nodes, deadline_s=_DEADLINE_S, answers=frozenset({0, _ABSENT})
)


@dataclass(frozen=True, slots=True)
class Token:
    """A bootstrap token without its secret half. `left_s` is None for one that never expires."""

    id: str
    description: str
    left_s: float | None

    def lives(self, at_least_s: float = 0.0) -> bool:
        """Whether it can be used for this long."""
        return self.left_s is None or self.left_s > at_least_s


def _tokens(out: Output) -> Answer[tuple[Token, ...]]:
    if out.exit_code == _ABSENT:
        return Absent(_NO_CLUSTER)
    now, *rows = out.stdout.splitlines()
    return Known(tuple(_token(row, float(now)) for row in rows))


def _token(row: str, now: float) -> Token:
    name, expires, description = [*row.split("\t"), "", ""][:3]
    left_s = datetime.fromisoformat(_decoded(expires)).timestamp() - now if expires else None
    return Token(name.removeprefix("bootstrap-token-"), _decoded(description), left_s)


def _decoded(value: str) -> str:
    return base64.b64decode(value).decode()


# The template prints no key but these: a token's secret half never leaves the API server for us.
_ROW = (
    '{{range .items}}{{.metadata.name}}{{"\\t"}}{{with .data.expiration}}{{.}}{{end}}{{"\\t"}}'
    '{{with .data.description}}{{.}}{{end}}{{"\\n"}}{{end}}'
)
TOKENS: Fact[tuple[Token, ...]] = Fact(
    "bootstrap-tokens",
    f"{_KUBECTL}date +%s; k -n kube-system get secrets --field-selector type=bootstrap.kubernetes.io/token "
    f"-o go-template={shlex.quote(_ROW)}",
    _tokens,
    deadline_s=_DEADLINE_S,
    answers=frozenset({0, _ABSENT}),
)


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """An object's place in the API. `namespace` is empty for what belongs to the cluster."""

    api_version: str
    kind: str
    name: str
    namespace: str = ""

    @classmethod
    def of(cls, item: Json) -> "Ref":
        """The place of an object as JSON."""
        meta = item["metadata"]
        return cls(item["apiVersion"], item["kind"], meta["name"], meta.get("namespace", ""))

    def stub(self) -> Json:
        """The least that `kubectl get -f` wants to find it."""
        namespace = {"namespace": self.namespace} if self.namespace else {}
        return {"apiVersion": self.api_version, "kind": self.kind, "metadata": {"name": self.name, **namespace}}


def objects(refs: Iterable[Ref]) -> Fact[dict[Ref, Json]]:
    """Those of these objects that are there, whole, in one call."""
    stubs = {"apiVersion": "v1", "kind": "List", "items": [ref.stub() for ref in sorted(refs)]}
    script = f"{_KUBECTL}k get -f - --ignore-not-found -o json <<'.'\n{json.dumps(stubs)}\n.\n"
    return Fact("cluster-objects", script, _objects, deadline_s=_DEADLINE_S, answers=frozenset({0, 1, _ABSENT}))


def _objects(out: Output) -> Answer[dict[Ref, Json]]:
    if out.exit_code == _ABSENT:
        return Absent(_NO_CLUSTER)
    # A kind whose definition is itself one of the wanted objects is not known yet: then it is simply not there.
    bad = [line for line in out.stderr.splitlines() if "no matches for kind" not in line and "ensure CRDs" not in line]
    if out.exit_code == 1 and (bad or not out.stderr):
        return Unreadable(f"cluster-objects: {(bad or ['kubectl failed'])[-1]}")
    if not out.stdout.strip():
        return Known({})
    found = json.loads(out.stdout)
    items = found["items"] if found["kind"] == "List" else [found]
    return Known({Ref.of(item): item for item in items})


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the metrics API answers for: names of nodes, and how many pods."""

    nodes: frozenset[str]
    pods: int


def _metrics(out: Output) -> Answer[Metrics]:
    if out.exit_code == _ABSENT:
        return Absent(_NO_CLUSTER)
    if out.exit_code == 1:
        return Absent((out.stderr.strip().splitlines() or ["the metrics API does not answer"])[-1])
    nodes, pods = map(json.loads, out.stdout.split("\n", 1))
    return Known(Metrics(frozenset(one["metadata"]["name"] for one in nodes["items"]), len(pods["items"])))


METRICS: Fact[Metrics] = Fact(
    "metrics",
    f"{_KUBECTL}nodes=$(k get --raw /apis/metrics.k8s.io/v1beta1/nodes) && "
    'pods=$(k get --raw /apis/metrics.k8s.io/v1beta1/pods) && printf "%s\\n%s\\n" "$nodes" "$pods"',
    _metrics,
    deadline_s=12.0,
    answers=frozenset({0, 1, _ABSENT}),
)
