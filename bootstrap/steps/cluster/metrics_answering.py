"""Step metrics-answering."""

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.facts.metrics import METRICS, Metrics
from bootstrap.facts.nodes import NODES
from bootstrap.model.answer import Answer, Known
from bootstrap.model.decision import Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.kubectl import SYSTEM, cluster_objects
from bootstrap.steps.unread import unread

_SERVER = Ref("apps/v1", "Deployment", "metrics-server", SYSTEM)


class MetricsAnswering(Step):
    """The metrics API answers for every Ready node and for pods: `kubectl top nodes` and `kubectl top pods` work.

    metrics-server scrapes kubelets every 15 s and answers only after a second scrape of each (its README and
    `--metric-resolution`), over 10250: a closed port shows here as a missing node.
    """

    follows = ("metrics-server-running", "nodes-ready")
    settle_s = 180.0
    can_act = False

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(NODES, METRICS, cluster_objects(target.wanted))

    def decide(self, target: Target, facts: Facts) -> Decision:
        if "metrics-server" not in target.inventory.cluster.addons:
            return Satisfied("the inventory does not want metrics-server")
        nodes, metrics = facts(target.asked, NODES), facts(target.asked, METRICS)
        objects = facts(target.asked, cluster_objects(target.wanted))
        if waiting := unread(nodes, metrics, objects):
            return waiting
        if not isinstance(nodes, Known):
            return Later("control-plane-initialised", "metrics of nodes and pods")
        if _has_no_pod(objects):
            return Waiting("metrics-server: none of its pods is available (does any node take ordinary pods?)")
        return _answering({node.name for node in nodes.value.values() if node.is_ready}, metrics)


def _has_no_pod(objects: Answer[dict[Ref, Json]]) -> bool:
    server = objects.value.get(_SERVER) if isinstance(objects, Known) else None
    return server is not None and not server.get("status", {}).get("availableReplicas")


def _answering(ready: set[str], metrics: Answer[Metrics]) -> Decision:
    if not isinstance(metrics, Known):
        return Waiting(f"metrics-server: {metrics.why}")
    if missing := sorted(ready - metrics.value.nodes):
        return Waiting(f"metrics of {', '.join(missing)} (metrics-server must reach their port 10250)")
    if not metrics.value.pods:
        return Waiting("metrics of pods")
    return Satisfied(f"{len(metrics.value.nodes)} nodes, {metrics.value.pods} pods")
