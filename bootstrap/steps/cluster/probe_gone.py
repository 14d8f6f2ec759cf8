"""Step probe-gone."""

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.kubectl import PROBE_PODS, SYSTEM, cluster_objects, kubectl
from bootstrap.steps.unread import unread


class ProbeGone(Step):
    """No probe pod of pods-reach-each-other is left in the cluster.

    The act that starts them removes them, unless it was killed: a DaemonSet brings pods back on every node for as long
    as it is there (kubernetes.io/docs/concepts/workloads/controllers/daemonset).
    """

    follows = ("pods-reach-each-other",)
    settle_s = 10.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(cluster_objects(target.wanted))

    def decide(self, target: Target, facts: Facts) -> Decision:
        objects = facts(target.asked, cluster_objects(target.wanted))
        if waiting := unread(objects):
            return waiting
        found: dict[Ref, Json] = objects.value if isinstance(objects, Known) else {}
        if PROBE_PODS not in found:
            return Satisfied()
        delete = kubectl("-n", SYSTEM, "delete", "daemonset", "--ignore-not-found", PROBE_PODS.name)
        return Change("remove the probe pods", (delete,))
