"""Step pods-reach-each-other."""

from typing import Any

from bootstrap.facts.network import INTERFACES
from bootstrap.facts.nodes import NODES, Node
from bootstrap.facts.packet_filter import PACKET_FILTER
from bootstrap.facts.ufw import UFW
from bootstrap.model.answer import Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Fact, Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.target import Target
from bootstrap.model.text import sha256_hex
from bootstrap.steps.cluster import standing
from bootstrap.steps.cluster.probe import longest_s, probing, recorded
from bootstrap.steps.host.firewall_fingerprint import cluster_of, fingerprint
from bootstrap.steps.host.members import Members, members
from bootstrap.steps.kubectl import cluster_objects
from bootstrap.steps.unread import unread

_CAUSES = {
    "UDP": "packets of the overlay do not pass",
    "TCP": "packets of the overlay do not pass, or only small ones do (an MTU that is too large)",
    "DNS": "cluster DNS or the service network does not work from its pods",
    "START": "its probe pod did not start",
    "EXEC": "nothing can be run in its pods: the API server must reach its port 10250",
}


class PodsReachEachOther(Step):
    """A pod on each node reaches a pod on every other one (TCP beyond one MTU, UDP), and cluster DNS and services.

    Kubernetes' network model (kubernetes.io/docs/concepts/services-networking); a closed 8472/udp or a routed deny
    leaves all nodes Ready and every pod alone. Too dear to repeat: the verdict is recorded in ConfigMap kboot-probe
    with all that it depends on (nodes, their firewalls, CNI manifest, networks), and holds while those are the same;
    `firewall: leave` vouches for the firewalls.
    """

    follows = ("firewall-open", "flannel-running", "nodes-ready")
    settle_s = 30.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        hosts = target.wanted.taking_part
        firewalls = (Question(host.name, fact) for host in hosts for fact in _firewall_facts(target))
        cluster = target.questions(NODES, cluster_objects(target.wanted))
        return (*cluster, *standing.questions(target), *firewalls)

    def decide(self, target: Target, facts: Facts) -> Decision:
        nodes, objects = facts(target.asked, NODES), facts(target.asked, cluster_objects(target.wanted))
        if waiting := unread(nodes, objects):
            return waiting
        if not (isinstance(nodes, Known) and isinstance(objects, Known)):
            return Later("control-plane-initialised", "pods of every node reach each other")
        here = [nodes.value[host.name] for host in standing.hosts(target, facts)[0] if host.name in nodes.value]
        ready = [node for node in here if node.is_ready]
        if waiting := _awaited(target, ready, facts):
            return waiting
        states = _states(target, ready, facts)
        record, network = recorded(objects.value), _network(target)
        if record is not None and record.covers(network, states):
            if not (failed := record.apart(states)):
                return Satisfied(f"{len(states)} nodes, each from each")
            if record.run == target.wanted.run.run_id:
                return _apart(failed)
        summary = (
            f"probe pods on {', '.join(sorted(states))}, each to each; seconds, at most {longest_s(target.wanted)}"
        )
        return Change(summary, (probing(target.wanted, network, states),))


def _firewall_facts(target: Target) -> tuple[Fact[Any], ...]:
    """None where the inventory vouches for the firewalls, whatever they are."""
    return () if target.inventory.cluster.firewall.policy == "leave" else (UFW, PACKET_FILTER, INTERFACES)


def _awaited(target: Target, nodes: list[Node], facts: Facts) -> Waiting | None:
    """Nobody vouches for a node whose host did not say what its firewall does."""
    for node in nodes:
        if waiting := unread(*(facts(node.name, fact) for fact in _firewall_facts(target))):
            return Waiting(f"{node.name}: {waiting.on}")
    return None if nodes else Waiting("a Ready node")


def _states(target: Target, nodes: list[Node], facts: Facts) -> dict[str, str]:
    """Ready nodes whose hosts stand in this run, and what a verdict about each depends on."""
    known = members(target.inventory)
    states = {node.name: f"{node.uid} {node.address} {_firewalls(target, node.name, facts, known)}" for node in nodes}
    return {name: sha256_hex(state)[:16] for name, state in states.items()}


def _firewalls(target: Target, host: str, facts: Facts, known: Members) -> str:
    if not _firewall_facts(target):
        return ""
    ufw, filtered, cards = (facts(host, fact) for fact in _firewall_facts(target))
    return fingerprint(ufw, filtered, cluster_of(known, cards, target.inventory.host(host).node_address))


def _network(target: Target) -> str:
    cluster, flannel = target.inventory.cluster, target.wanted.addon("flannel")
    manifest = flannel.objects if flannel else ""
    return sha256_hex(f"{cluster.pod_cidr} {cluster.service_cidr} {cluster.dns_domain} {manifest}")


def _apart(failed: tuple[str, ...]) -> Blocked:
    """This run's own verdict: told, and asked anew by the next run."""
    pairs = [line.split() for line in failed]
    told = "; ".join(f"{one} -> {other} {what}" if one != other else f"{one} {what}" for one, other, what in pairs[:6])
    more = f"; and {len(pairs) - 6} more" if len(pairs) > 6 else ""
    causes = dict.fromkeys(_CAUSES[what] for _, _, what in pairs if what in _CAUSES)
    return Blocked(
        Code.PODS_APART,
        f"pods do not reach each other: {told}{more}",
        f"{'; '.join(causes)}. Nodes must let each other in on 8472/udp, also in firewalls between them, and a host "
        "firewall must forward packets from and to the pod network. Mend it, then run again.",
    )
