"""The cluster's Nodes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.facts.api import ONE_VERSION, bodies
from bootstrap.facts.kubectl import Json, asked_with_kubectl
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output


@dataclass(frozen=True)
class Node:
    """A Node as the API server has it. `ready` is the Ready condition's status: True, False or Unknown (silent).

    `kubelet` is kubelet's version; `cordoned`: no new pod is to come.
    """

    name: str
    uid: str
    machine_id: str
    ready: str
    why: str = ""
    address: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[str, ...] = ()
    kubelet: str = ""
    cordoned: bool = False

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
        kubelet=status.get("nodeInfo", {}).get("kubeletVersion", ""),
        cordoned=bool(item["spec"].get("unschedulable")),
    )


def taint_text(taint: Mapping[str, str]) -> str:
    """`key=value:effect`, and `key:effect` where there is no value: as `kubectl taint` writes it."""
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def _nodes(out: Output) -> Answer[dict[str, Node]]:
    text = next(iter(bodies(out.stdout)), out.stdout)
    return Known({node.name: node for node in map(_node, json.loads(text)["items"])})


# The API server's own words: `get nodes` asks it for all its kinds first, which costs more than the answer.
_PATH = "/api/v1/nodes"
NODES: Fact[dict[str, Node]] = asked_with_kubectl(
    "nodes", f"api api-nodes '{ONE_VERSION}' {_PATH} || k get --raw {_PATH}", _nodes
)
