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
# Each takes away one mask, /etc's or /run's (systemctl(1), --runtime).
_UNMASKED = {
    "masked": (Run(("systemctl", "unmask", "kubelet")),),
    "masked-runtime": (Run(("systemctl", "unmask", "--runtime", "kubelet")),),
}
_STAYS_OFF = frozenset({"disabled", *_UNMASKED})
_NO_NODE = "no node yet: kubeadm starts it"


class KubeletRunning(Step):
    """kubelet starts at boot, and on a node it runs. On a host that is no node yet kubeadm starts it.

    kubeadm starts kubelet.service and enables nothing (kubernetes.io/docs/setup/production-environment/tools/kubeadm/
    install-kubeadm, "Enable the kubelet service"): disabled, a node does not come back after a reboot; masked, kubeadm
    waits for it in vain. One that somebody stopped leaves a node that is not Ready.
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
        if kubelet is None:
            return Satisfied(_NO_NODE)
        return _kept_running(kubelet, node=not (isinstance(member, Absent) or half_done))


def _kept_running(kubelet: Unit, *, node: bool) -> Decision:
    stays_off, stopped = kubelet.file_state in _STAYS_OFF, node and kubelet.active not in _RUNS
    unmask = _UNMASKED.get(kubelet.file_state, ())
    missing = [word for word, so in (("start it", stopped), ("let it start at boot", stays_off)) if so]
    if not missing:
        return Satisfied("" if node else _NO_NODE)
    why, now = f"kubelet is {kubelet.active}, {kubelet.file_state}", ("--now",) if node else ()
    return Change(f"{why}: {' and '.join(missing)}", (*unmask, Run(("systemctl", "enable", *now, "kubelet"))))
