"""Step kubelet-running."""

from bootstrap.facts.files import file_text
from bootstrap.facts.kubeadm import INIT_ENDED, MEMBER
from bootstrap.facts.services import UNITS, Unit
from bootstrap.model.action import Run
from bootstrap.model.answer import Absent, Known
from bootstrap.model.decision import Change, Decision, Satisfied
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import CONTROL_PLANE_ROLE
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.steps.unread import unread

ENDED = file_text(INIT_ENDED)
_RUNS = frozenset({"active", "activating", "reloading"})
_STAYS_OFF = frozenset({"disabled", "masked", "masked-runtime"})


class KubeletRunning(Step):
    """On a node kubelet runs, and starts at boot. On a host that is no node yet it is left to kubeadm.

    The package enables kubelet.service and kubeadm starts it (kubernetes.io/docs/reference/setup-tools/kubeadm/
    implementation-details, "Start the kubelet"); one that somebody stopped leaves a node that is not Ready, one that
    somebody disabled a node that a reboot does not bring back.
    """

    follows = ("kubernetes-held", "containerd-fresh")

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(UNITS, MEMBER, ENDED)

    def decide(self, target: Target, facts: Facts) -> Decision:
        units, member, ended = (facts(target.asked, fact) for fact in (UNITS, MEMBER, ENDED))
        if waiting := unread(units, member, ended):
            return waiting
        kubelet = units.value.get("kubelet.service") if isinstance(units, Known) else None
        half_done = target.machine.role == CONTROL_PLANE_ROLE and isinstance(ended, Absent)
        if isinstance(member, Absent) or half_done or kubelet is None:
            return Satisfied("no node yet: kubeadm starts it")
        return _kept_running(kubelet)


def _kept_running(kubelet: Unit) -> Decision:
    stays_off, stopped = kubelet.file_state in _STAYS_OFF, kubelet.active not in _RUNS
    unmask = (Run(("systemctl", "unmask", "kubelet")),) if kubelet.file_state.startswith("masked") else ()
    missing = [word for word, so in (("start it", stopped), ("let it start at boot", stays_off)) if so]
    if not missing:
        return Satisfied()
    why = f"kubelet is {kubelet.active}, {kubelet.file_state}"
    return Change(f"{why}: {' and '.join(missing)}", (*unmask, Run(("systemctl", "enable", "--now", "kubelet"))))
