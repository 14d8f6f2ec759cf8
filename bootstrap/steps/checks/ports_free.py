"""Check ports-free."""

from bootstrap.facts.network import SOCKETS
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.tables.ports import TAKEN
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread


class PortsFree(Finding):
    """The ports that this role takes are free, or held by the very component of Kubernetes that takes them.

    kubernetes.io/docs/reference/networking/ports-and-protocols; on a host that is a node, or half one, its own kubelet
    and control plane hold them.
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(SOCKETS)

    def find(self, target: Target, facts: Facts) -> Decision:
        answer = facts(target.asked, SOCKETS)
        if not isinstance(answer, Known):
            return unread(answer) or Waiting(f"the sockets of {target.name}")
        taken = TAKEN[target.machine.role]
        others = {
            socket.port: socket
            for socket in answer.value
            if socket.protocol == "tcp" and socket.port in taken and socket.process != taken[socket.port]
        }
        if not others:
            return Satisfied()
        held = ", ".join(
            f"{port} (wanted by {taken[port]}) by {socket.process or 'an unknown process'}"
            + (f", process {socket.pid}" if socket.pid else "")
            for port, socket in sorted(others.items())
        )
        return Blocked(
            Code.PORT_TAKEN,
            f"ports of {target.name} are taken: {held}",
            f"stop what holds them; on {target.name}: sudo ss -lntp",
        )
