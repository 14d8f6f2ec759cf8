"""Check default-route-present."""

from bootstrap.facts.network import route_to
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Decision, Satisfied
from bootstrap.model.fact import Fact, Facts, Question
from bootstrap.model.target import Target
from bootstrap.steps.checks.finding import Finding
from bootstrap.steps.unread import unread


class DefaultRoutePresent(Finding):
    """The host has a route, a default one as a rule, for addresses of the service network.

    No interface has a ClusterIP: kube-proxy rewrites the packet, but the kernel looks for a route first, so without one
    a host-network pod that asks for a Service (flannel asks for the API server) gets "network is unreachable".
    """

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(_route(target))

    def find(self, target: Target, facts: Facts) -> Decision:
        answer = facts(target.asked, _route(target))
        if waiting := unread(answer):
            return waiting
        if isinstance(answer, Known):
            return Satisfied()
        services = target.inventory.cluster.service_cidr
        return Blocked(
            Code.ROUTE_MISSING,
            f"{target.name} has no route to the service network {services}: no default route",
            f"add a default route, or at least: sudo ip route add {services} dev INTERFACE (and keep it over a reboot)",
        )


def _route(target: Target) -> Fact[str]:
    return route_to(str(target.inventory.cluster.service_cidr.network_address + 1))
