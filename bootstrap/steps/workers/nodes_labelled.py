"""Step nodes-labelled."""

import json

from bootstrap.facts.kubectl import Json
from bootstrap.facts.nodes import NODES, Node, taint_text
from bootstrap.model.action import Action
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Later, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import CONTROL_PLANE_ROLE, Host
from bootstrap.model.step import Step
from bootstrap.model.tables.kubeadm import WORKER_LABEL
from bootstrap.model.target import Target
from bootstrap.model.text import text
from bootstrap.steps.kubectl import applied, kubectl
from bootstrap.steps.unread import unread

LABELS, TAINTS = "kboot.dev/labels", "kboot.dev/taints"
_MANAGER = "kboot-labels"


class NodesLabelled(Step):
    """Every node has the labels, taints and role name of the inventory, and none that the inventory once gave it.

    With --limit: every node whose host it names.

    What kboot set is remembered in two annotations of the Node. Server-side apply takes labels back by itself; taints
    are one list for all who write them (the API's atomic `spec.taints`), so those go one by one by `kubectl taint`.
    """

    follows = ("control-plane-initialised", "worker-joined")

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(NODES)

    def decide(self, target: Target, facts: Facts) -> Decision:
        nodes = facts(target.asked, NODES)
        if waiting := unread(nodes):
            return waiting
        if not isinstance(nodes, Known):
            return Later("control-plane-initialised", "labels and taints")
        hosts = [host for host in target.inventory.hosts if target.wanted.may_change(host.name)]
        pairs = [(host, nodes.value[host.name]) for host in hosts if host.name in nodes.value]
        differing = [(host, node) for host, node in pairs if _differs(host, node)]
        if not differing:
            return Satisfied()
        taints = tuple(action for host, node in differing for action in _taint_actions(host, node))
        items = [_labelled(host, node) for host, node in differing]
        manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1)
        names = ", ".join(node.name for _, node in differing)
        return Change(f"labels and taints of {names}", (*taints, applied(text(manifest, "\n"), _MANAGER)))


def _labels(host: Host) -> dict[str, str]:
    role = {} if host.role == CONTROL_PLANE_ROLE else {WORKER_LABEL: ""}
    return {**role, **host.labels}


def _taints(host: Host) -> list[str]:
    return sorted(taint_text(taint.model_dump()) for taint in host.taints)


def _remembered(host: Host) -> dict[str, str]:
    return {LABELS: ",".join(sorted(_labels(host))), TAINTS: ",".join(_taints(host))}


def _differs(host: Host, node: Node) -> bool:
    return (
        not _labels(host).items() <= node.labels.items()
        or not set(_taints(host)) <= set(node.taints)
        or any(node.annotations.get(key, "") != value for key, value in _remembered(host).items())
    )


def _taint_actions(host: Host, node: Node) -> list[Action]:
    wanted = _taints(host)
    once = [taint for taint in node.annotations.get(TAINTS, "").split(",") if taint]
    gone = [f"{taint}-" for taint in once if taint not in wanted and taint in node.taints]
    new = [taint for taint in wanted if taint not in node.taints]
    removed = [kubectl("taint", "nodes", node.name, *gone)] if gone else []
    return [*removed, *([kubectl("taint", "nodes", node.name, "--overwrite", *new)] if new else [])]


def _labelled(host: Host, node: Node) -> Json:
    """With the Node's uid: applying can then never make a Node that is not there."""
    metadata = {"name": node.name, "uid": node.uid, "labels": _labels(host), "annotations": _remembered(host)}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata}
