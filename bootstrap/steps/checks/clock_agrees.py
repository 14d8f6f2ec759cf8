"""Check clock-agrees."""

from datetime import UTC, datetime

from bootstrap.facts.system import CLOCK
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread

# kubeadm and the cluster's signers backdate certificates by 5 minutes (kubeadm constants.go, CertificateBackdate).
BEHIND_S = 240.0
# The other way it is only known that a host was asked after the run began, and checks wait for up to 10 minutes.
AHEAD_S = 1200.0


class ClockAgrees(Finding):
    """The clock of every host that takes part agrees with the operator's, by a few minutes.

    A host that is behind takes the cluster's certificates for not yet valid and the signed package index for one
    from the future; one that is ahead takes the join token for expired. A host that cannot be reached is left out.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return tuple(Question(host.name, CLOCK) for host in target.wanted.taking_part)

    def find(self, target: Target, facts: Facts) -> Decision:
        clocks = {host.name: facts(host.name, CLOCK) for host in target.wanted.taking_part}
        read = {name: answer.value for name, answer in clocks.items() if isinstance(answer, Known)}
        if not read:
            return unread(*clocks.values()) or Waiting("a clock: no host has said its time")
        began = target.wanted.run.started.timestamp()
        for name, seconds in read.items():
            if not began - BEHIND_S <= seconds <= began + AHEAD_S:
                word = "behind" if seconds < began else "ahead of"
                return Blocked(
                    Code.CLOCK_DIFFERS,
                    f"the clock of {name} says {datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC, "
                    f"{_words(abs(seconds - began))} {word} this machine's",
                    f"on {name}: sudo timedatectl set-ntp true, or set it by hand: sudo date -s ...",
                )
        return Satisfied()


def _words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
