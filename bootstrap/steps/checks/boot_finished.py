"""Check boot-finished."""

from bootstrap.facts.system import BOOT
from bootstrap.model.answer import Known
from bootstrap.model.decision import Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread

_MOST_NAMES = 3


class BootFinished(Finding):
    """systemd has started all that belongs to this boot, and cloud-init has done its work.

    A host that a cloud just made still changes its packages, mounts, names and users while sshd answers already
    (cloudinit.readthedocs.io, "Boot stages"); kubeadm would build on what is about to change.
    """

    settle_s = 300.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(BOOT)

    def find(self, target: Target, facts: Facts) -> Decision:
        answer = facts(target.asked, BOOT)
        if not isinstance(answer, Known):
            return unread(answer) or Waiting(f"the boot of {target.name}")
        boot = answer.value
        if boot.cloud_init_running:
            return Waiting(f"cloud-init on {target.name} to end (see /var/log/cloud-init-output.log there)")
        if boot.state in {"initializing", "starting", "stopping"}:
            names = ", ".join(boot.jobs[:_MOST_NAMES]) or "its jobs"
            return Waiting(f"systemd on {target.name}, {boot.state}: {names}")
        return Satisfied(boot.state)
