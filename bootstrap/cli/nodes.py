"""The cluster's nodes as its API server sees them, asked through the first control plane."""

import json
from typing import TYPE_CHECKING, Any

from bootstrap.model.error import KbootError
from bootstrap.show.status_text import Node

if TYPE_CHECKING:
    from bootstrap.model.plan import Plan
    from bootstrap.transport.connection import Connection

# --raw: it writes no discovery cache to the host's disk.
_KUBECTL = "timeout 8 kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout=6s"
_ASK = f"{_KUBECTL} get --raw /api/v1/nodes 2>/dev/null || true\n"
_TIMEOUT_S = 15.0
_ROLE = "node-role.kubernetes.io/"


def nodes(first_control_plane: "Connection", plan: "Plan") -> tuple[Node, ...]:
    """Empty when there is no API server to ask, or nobody to ask it through."""
    if first_control_plane.host in {host for host, _ in plan.fallen}:
        return ()
    try:
        told = first_control_plane.run(_ASK, timeout_s=_TIMEOUT_S).text
        items = json.loads(told)["items"] if told.strip() else []
        return tuple(_node(item) for item in items)
    except (KbootError, ValueError, KeyError, TypeError):
        return ()


def _node(item: dict[str, Any]) -> Node:
    conditions = {one["type"]: one["status"] for one in item["status"]["conditions"]}
    labels = item["metadata"].get("labels", {})
    roles = tuple(sorted(name.removeprefix(_ROLE) for name in labels if name.startswith(_ROLE)))
    addresses = [one["address"] for one in item["status"].get("addresses", []) if one["type"] == "InternalIP"]
    words = ["Ready" if conditions.get("Ready") == "True" else "NotReady"]
    words += ["cordoned"] if item["spec"].get("unschedulable") else []
    return Node(
        item["metadata"]["name"],
        ", ".join(words),
        roles,
        item["status"]["nodeInfo"]["kubeletVersion"],
        addresses[0] if addresses else "",
    )
