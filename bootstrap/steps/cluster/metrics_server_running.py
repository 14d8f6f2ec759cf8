"""Step metrics-server-running."""

from bootstrap.model.decision import Decision
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.addon import in_place
from bootstrap.steps.kubectl import METRICS_SERVER, cluster_objects


class MetricsServerRunning(Step):
    """metrics-server's objects are in the cluster with kboot's flags; nobody has edited or deleted them.

    kubelets' serving certificates are self-signed under kubeadm, hence `--kubelet-insecure-tls` (metrics-server README,
    "Requirements"; its addon.yaml here holds the patches). That it answers is for metrics-answering to see.
    """

    follows = ("control-plane-initialised",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(cluster_objects(target.wanted))

    def decide(self, target: Target, facts: Facts) -> Decision:
        return in_place(target, facts, "metrics-server", METRICS_SERVER)
