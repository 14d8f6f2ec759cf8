"""Step metrics-answering."""

from collections.abc import Iterable

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.facts.metrics import METRICS, Metrics
from bootstrap.facts.nodes import NODES, Node
from bootstrap.facts.system import MACHINE_ID
from bootstrap.model.answer import Answer, Known, Unreadable
from bootstrap.model.decision import Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.kubectl import SYSTEM, cluster_objects
from bootstrap.steps.unread import unread

_SERVER = Ref("apps/v1", "Deployment", "metrics-server", SYSTEM)
_KEEP_AWAY = (":NoSchedule", ":NoExecute")
# Taints that the node controller takes off by itself, a moment after the node is Ready
# (kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration, "Taint based Evictions").
_PASSING = tuple(f"node.kubernetes.io/{word}" for word in ("not-ready", "unreachable", "network-unavailable"))


class MetricsAnswering(Step):
    """The metrics API answers for every Ready node and for pods: `kubectl top nodes` and `kubectl top pods` work.

    metrics-server scrapes kubelets every 15 s and answers only after a second scrape of each (its README and
    `--metric-resolution`), over 10250: a closed port shows here as a missing node. Its pod may have nowhere to run
    while a worker is out of this run or of the cluster: that is said, and not waited for.
    """

    follows = ("metrics-server-running", "nodes-ready")
    settle_s = 180.0
    can_act = False

    def needs(self, target: Target) -> tuple[Question, ...]:
        taking_part = (host.name for host in target.inventory.hosts if target.wanted.takes_part(host.name))
        hosts = (Question(name, MACHINE_ID) for name in taking_part)
        return (*target.questions(NODES, METRICS, cluster_objects(target.wanted)), *hosts)

    def decide(self, target: Target, facts: Facts) -> Decision:
        if "metrics-server" not in target.inventory.cluster.addons:
            return Satisfied("the inventory does not want metrics-server")
        nodes, metrics = facts(target.asked, NODES), facts(target.asked, METRICS)
        objects = facts(target.asked, cluster_objects(target.wanted))
        if waiting := unread(nodes, metrics, objects):
            return waiting
        if not (isinstance(nodes, Known) and isinstance(metrics, Known)):
            return Later("control-plane-initialised", "metrics of nodes and pods")
        out = _out_of_run(target, facts)
        standing = [node for node in nodes.value.values() if node.is_ready and node.name not in out]
        if metrics.value.refused and (why := _nowhere(target, standing, out, metrics.value, objects)):
            return Satisfied(remark=why)
        return _answering({node.name for node in standing}, metrics.value)


def _out_of_run(target: Target, facts: Facts) -> frozenset[str]:
    """Hosts that do not answer in this run: what their Nodes say may be what they said before."""
    names = [host.name for host in target.inventory.hosts if target.wanted.takes_part(host.name)]
    return frozenset(name for name in names if isinstance(facts(name, MACHINE_ID), Unreadable))


def _nowhere(
    target: Target,
    standing: list[Node],
    out: frozenset[str],
    metrics: Metrics,
    objects: Answer[dict[Ref, Json]],
) -> str:
    """Why metrics-server cannot run for now, as no wait in this run would change it; empty when it can."""
    keeping = sorted(f"{node.name} has the taint {taint}" for node in standing for taint in _lasting(node))
    taker = any(not _lasting(node) for node in standing)
    if metrics.servers and metrics.servers <= out:
        moves = "Kubernetes moves it to another node some six minutes after its host fell silent"
        then = moves if taker else f"no other node takes it ({_listed(keeping)})"
        return f"no metrics yet: metrics-server's pod is on {_listed(metrics.servers)}, out of this run; {then}"
    absent = [host.name for host in target.inventory.workers if host.name not in {node.name for node in standing}]
    if taker or not absent or metrics.servers or _tolerates(objects):
        return ""
    keeping.append(f"no Ready node of this run: {_listed(absent)}")
    words = f"no metrics yet: no node takes metrics-server's pod ({'; '.join(keeping)})"
    return f"{words}; it starts once a worker is Ready: `kboot join-workers`"


def _lasting(node: Node) -> list[str]:
    """The taints that keep ordinary pods away for as long as somebody leaves them there."""
    return [taint for taint in node.taints if taint.endswith(_KEEP_AWAY) and not taint.startswith(_PASSING)]


def _tolerates(objects: Answer[dict[Ref, Json]]) -> bool:
    """An inventory may give metrics-server tolerations (upstream has none): then taints tell nothing."""
    server = objects.value.get(_SERVER, {}) if isinstance(objects, Known) else {}
    return bool(server.get("spec", {}).get("template", {}).get("spec", {}).get("tolerations"))


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
