"""Step staging-empty."""

from bootstrap.facts.staging import FOLDER, STAGED
from bootstrap.model.action import RemoveFile
from bootstrap.model.answer import Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.unread import unread


class StagingEmpty(Step):
    """No image or package that an upload has left waits on the disk.

    They are brought before the act that imports or installs them, and removed by it. A run that was killed in between,
    or a bundle that changed since, leaves them; the steps before this one use what they still want. Only kboot's own
    names in /var/lib/kboot are removed. kubelet evicts pods when a disk fills up (kubernetes.io/docs/concepts/
    scheduling-eviction/node-pressure-eviction).
    """

    follows = ("ufw-installed", "containerd-installed", "kubernetes-held", "images-present")

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(STAGED)

    def decide(self, target: Target, facts: Facts) -> Decision:
        answer = facts(target.asked, STAGED)
        if waiting := unread(answer):
            return waiting
        left = answer.value if isinstance(answer, Known) else ()
        if not left:
            return Satisfied()
        size_mb = sum(file.size_bytes for file in left) // 1_000_000
        summary = f"remove {len(left)} files that uploads left in {FOLDER} ({size_mb} MB)"
        return Change(summary, tuple(RemoveFile(file.path) for file in left))
