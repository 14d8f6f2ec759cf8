"""Step flannel-running."""

from bootstrap.model.decision import Decision
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.addon import in_place
from bootstrap.steps.kubectl import FLANNEL, cluster_objects


class FlannelRunning(Step):
    """flannel's objects are in the cluster, with the inventory's pod CIDR; nobody has edited or deleted them.

    A node stays NotReady until a CNI plugin is configured (kubernetes.io/docs/concepts/cluster-administration/addons);
    that its pods then run on every node is for nodes-ready to see.
    """

    follows = ("control-plane-initialised",)

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(cluster_objects(target.wanted))

    def decide(self, target: Target, facts: Facts) -> Decision:
        return in_place(target, facts, "flannel", FLANNEL)
