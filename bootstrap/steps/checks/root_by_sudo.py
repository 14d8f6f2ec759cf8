"""Check root-by-sudo."""

from bootstrap.facts.system import USER_ID
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread


class RootBySudo(Finding):
    """What kboot runs on the host runs as root.

    kubeadm, apt and systemd need it (kubernetes.io/docs/reference/setup-tools/kubeadm). A sudo that refuses is already
    told when the host is reached; this is for a sudoers rule that makes somebody else of the SSH user.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(USER_ID)

    def find(self, target: Target, facts: Facts) -> Decision:
        answer = facts(target.asked, USER_ID)
        if not isinstance(answer, Known):
            return unread(answer) or Waiting(f"the user id on {target.name}")
        if answer.value == 0:
            return Satisfied()
        return Blocked(
            Code.NOT_ROOT,
            f"sudo on {target.name} gives user id {answer.value}, not root",
            "let the SSH user run anything as root: `USER ALL=(ALL:ALL) NOPASSWD: ALL` in /etc/sudoers.d, by visudo",
        )
