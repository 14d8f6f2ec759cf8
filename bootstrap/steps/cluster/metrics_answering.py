"""Step metrics-answering."""

from collections.abc import Iterable

from bootstrap.facts.metrics import METRICS, Metrics
from bootstrap.facts.nodes import NODES
from bootstrap.model.answer import Known
from bootstrap.model.decision import Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.cluster import standing
from bootstrap.steps.unread import unread


class MetricsAnswering(Step):
    """The metrics API answers for every Ready node and for pods: `kubectl top nodes` and `kubectl top pods` work.

    metrics-server scrapes kubelets every 15 s and answers only after a second scrape of each (its README and
    `--metric-resolution`), over 10250: a closed port shows here as a missing node. Where its pod is on a host that is
    out of this run, that is said, and not waited for.
    """

    follows = ("metrics-server-running", "nodes-ready")
    settle_s = 180.0
    can_act = False

    def needs(self, target: Target) -> tuple[Question, ...]:
        return (*target.questions(NODES, METRICS), *standing.questions(target))

    def decide(self, target: Target, facts: Facts) -> Decision:
        nodes, metrics = facts(target.asked, NODES), facts(target.asked, METRICS)
        if waiting := unread(nodes, metrics):
            return waiting
        if "metrics-server" not in target.inventory.cluster.addons:
            return Satisfied("the inventory does not want metrics-server")
        if not (isinstance(nodes, Known) and isinstance(metrics, Known)):
            return Later("control-plane-initialised", "metrics of nodes and pods")
        out = frozenset(host.name for host in standing.hosts(target, facts)[1])
        if metrics.value.refused and (why := _away(metrics.value, out)):
            return Satisfied(remark=why)
        ready = {node.name for node in nodes.value.values() if node.is_ready}
        return _answering(ready - out, metrics.value)


def _away(metrics: Metrics, out: frozenset[str]) -> str:
    """Why metrics-server cannot answer for now, as no wait in this run would change it; empty when it can."""
    if not metrics.servers or not metrics.servers <= out:
        return ""
    return (
        f"no metrics yet: metrics-server's pod is on {_listed(metrics.servers)}, out of this run; Kubernetes moves it "
        "to another node some six minutes after its host fell silent"
    )


def _answering(ready: set[str], metrics: Metrics) -> Decision:
    if metrics.refused and not metrics.servers:
        return Waiting(f"metrics-server: none of its pods has a node yet ({metrics.refused})")
    if metrics.refused:
        return Waiting(f"metrics-server on {_listed(metrics.servers)}: {metrics.refused}")
    if missing := sorted(ready - metrics.nodes):
        return Waiting(f"metrics of {', '.join(missing)} (metrics-server must reach their port 10250)")
    if not metrics.pods:
        return Waiting("metrics of pods")
    return Satisfied(f"{len(metrics.nodes)} nodes, {metrics.pods} pods")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
