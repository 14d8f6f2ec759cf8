"""Step worker-joined."""

from bootstrap.facts.files import file_text
from bootstrap.facts.kubeadm import BOOTSTRAP_CONF, CA_CERT, FLANNEL_SUBNET, JOIN_FILES, KUBELET_CONF, Files
from bootstrap.facts.nodes import NODES, Node
from bootstrap.facts.services import UNITS, Unit
from bootstrap.facts.system import CLOCK, MACHINE_ID
from bootstrap.facts.tokens import TOKENS, Token
from bootstrap.model.action import RemoveFile, Run
from bootstrap.model.answer import Answer, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.kubeadm import JOIN_PORT_CHECKS, file_check
from bootstrap.model.target import Target
from bootstrap.steps.kubeadm_config import join_config
from bootstrap.steps.reset import RESET
from bootstrap.steps.token import LEAST_LEFT_S, LIFETIME, LIFETIME_WORDS
from bootstrap.steps.unread import unread
from bootstrap.steps.workers import membership
from bootstrap.steps.workers.ca_hash import ca_hash

CA = file_text(CA_CERT)
# After `kubeadm reset`: a new Node gets a new pod network, and flannel's plugin would go on with the old one until
# flannel runs again; a bridge with an old address then fails every pod ("already has an IP address different from").
# `ip` says 1 when there is no bridge.
_EARLIER_NETWORK = (RemoveFile(FLANNEL_SUBNET), Run(("ip", "link", "delete", "cni0"), ok=frozenset({0, 1})))


class WorkerJoined(Step):
    """This worker is a node of the cluster: its Node has this machine's id, and no bootstrap credentials are left.

    kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join: discovery by this run's token, the CA's key pinned. A
    second join fails once the Node is Ready (cmd/join.go, phase kubelet-start), so a join that was cut off after that
    point is only tidied, and one that was cut off before it is run again past the files that the first one wrote.
    """

    follows = (
        *("kubernetes-held", "containerd-fresh", "kubelet-running", "images-present", "name-resolves", "firewall-open"),
        *("control-plane-initialised", "join-token-live"),
    )
    settle_s = 120.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        first = target.inventory.first_control_plane.name
        asked_of_first = (Question(first, CA), Question(first, TOKENS), Question(first, CLOCK))
        return (*membership.questions(target, target.machine), *asked_of_first, *target.questions(CA, UNITS))

    def decide(self, target: Target, facts: Facts) -> Decision:
        host, first = target.machine, target.inventory.first_control_plane.name
        nodes, ca = facts(first, NODES), facts(first, CA)
        own_ca, files, units = facts(host.name, CA), facts(host.name, JOIN_FILES), facts(host.name, UNITS)
        if waiting := unread(nodes, ca, own_ca, files, units, facts(host.name, MACHINE_ID)):
            return waiting
        here = files.value if isinstance(files, Known) else membership.NO_FILES
        found = own_ca.value if isinstance(own_ca, Known) else ""
        if not isinstance(nodes, Known):
            return Later("control-plane-initialised", f"join {host.name} to the cluster")
        pinned = ca.value if isinstance(ca, Known) else ""
        if membership.is_member(host, nodes.value, facts):
            return _tidied(here)
        if KUBELET_CONF in here.whole and CA_CERT in here.whole and pinned not in {"", found}:
            return _foreign(host.name)
        hindered = _renamed(host.name, nodes.value, here, facts(host.name, MACHINE_ID)) or _hindered(
            host.name, nodes.value.get(host.name), here
        )
        return (
            hindered
            or _registering(host.name, here, units)
            or _without_token(target, facts(first, TOKENS), facts(first, CLOCK))
            or _join(target, here, pinned, found)
        )


def _tidied(files: Files) -> Decision:
    if BOOTSTRAP_CONF in files.present:
        return Change("remove the bootstrap credentials that the join left", (RemoveFile(BOOTSTRAP_CONF),))
    return Satisfied()


def _renamed(name: str, nodes: dict[str, Node], files: Files, machine: Answer[str]) -> Blocked | None:
    """Under its new name it could only join a second time, over the node that it is."""
    known = machine.value if isinstance(machine, Known) and KUBELET_CONF in files.whole else None
    old = next((node.name for node in nodes.values() if node.machine_id == known and node.name != name), None)
    if old is None:
        return None
    return Blocked(
        Code.NODE_RENAMED,
        f"{name} is the node {old} of this cluster, and a node cannot be renamed",
        f"Put `name: {old}` back into the inventory. Or give the node up: `kboot kubectl delete node {old}`, and on "
        f"its host: `{RESET}`; then run again.",
    )


def _hindered(name: str, node: Node | None, files: Files) -> Decision | None:
    """What of the host's former life keeps it from joining now."""
    if node is None:
        return _deleted(name) if {KUBELET_CONF, FLANNEL_SUBNET} <= files.present else None
    if not node.is_ready:
        return None
    # The host was reset or installed anew a moment ago, or another machine goes by its name; time tells.
    return Waiting(
        f"the Node {node.name} from before (machine-id {node.machine_id[:8]}...) to be noticed as gone, which takes a "
        "minute; it is still Ready. If another machine goes by that name, one of the two needs another"
    )


def _registering(name: str, files: Files, units: Answer[dict[str, Unit]]) -> Waiting | None:
    """A join that went well a moment ago is not repeated: kubelet has its certificate, its Node takes a moment."""
    kubelet = units.value.get("kubelet.service") if isinstance(units, Known) else None
    if KUBELET_CONF in files.whole and kubelet is not None and kubelet.is_active:
        return Waiting(f"the kubelet of {name}, which runs with its certificate, to register its Node")
    return None


def _without_token(
    target: Target, tokens: Answer[tuple[Token, ...]], clock: Answer[float]
) -> Waiting | Later | Blocked | None:
    """Nobody joins with a token that is not there: kubeadm would try for five minutes (its `timeouts.discovery`).

    One that has ended is removed by the controller manager (its tokencleaner), so the run's own age tells it from one
    that is yet to be made.
    """
    found = tokens.value if isinstance(tokens, Known) else ()
    own = next((token for token in found if token.id == target.wanted.run.token_id), None)
    if own is not None:
        return None if own.lives() else _too_late(target.machine.name)
    summary = f"kubeadm join {target.inventory.endpoint} as {target.machine.name}, with a token made for this run"
    ends = (target.wanted.run.started + LIFETIME).timestamp() - LEAST_LEFT_S
    if isinstance(tokens, Known) and isinstance(clock, Known) and clock.value >= ends:
        return _too_late(target.machine.name)
    return unread(tokens) or Later("join-token-live", summary)


def _too_late(name: str) -> Blocked:
    return Blocked(
        Code.JOIN_TOO_LATE,
        f"the join token of this run ended after {LIFETIME_WORDS}, before {name} was ready to join",
        "Run again: what holds stays, and the next run makes a new one.",
    )


def _foreign(name: str) -> Blocked:
    return Blocked(
        Code.FOREIGN_WORKER,
        f"{name} belongs to another cluster: {CA_CERT} there is not this cluster's",
        f"If it may leave that one, on {name}: `{RESET}`. Then run again.",
    )


def _deleted(name: str) -> Blocked:
    """A second join would go well, and leave pods that run on with addresses of a network that is no longer theirs."""
    return Blocked(
        Code.NODE_DELETED,
        f"the Node {name} was deleted, and the host still runs as a node with the old Node's pods and pod network",
        f"Reboot {name} (`kboot ssh {name} sudo reboot`): it comes back as a node by itself. Then run again.",
    )


def _join(target: Target, files: Files, ca: str, own_ca: str) -> Decision:
    host = target.machine
    try:
        pin = ca_hash(ca)
    except ValueError:
        # The control plane stands, or there would be no Nodes: nobody is about to write it.
        return Waiting(f"a whole {CA_CERT} on {target.inventory.first_control_plane.name}: it is gone or cut")
    ignored = [file_check(path) for path in (KUBELET_CONF, BOOTSTRAP_CONF, CA_CERT) if path in files.present]
    if {KUBELET_CONF, BOOTSTRAP_CONF} & files.present:
        ignored += JOIN_PORT_CHECKS
    argv = ["kubeadm", "join", "--config=/dev/stdin"]
    if ignored:
        argv.append(f"--ignore-preflight-errors={','.join(ignored)}")
    # kubeadm keeps a ca.crt that is there, even an empty one.
    stale = (RemoveFile(CA_CERT),) if CA_CERT in files.present and own_ca != ca else ()
    earlier = _EARLIER_NETWORK if FLANNEL_SUBNET in files.present else ()
    # The configuration goes by stdin: a 0600 file on tmpfs that goes with the act, however it ends.
    join = Run(tuple(argv), stdin=join_config(target.wanted, host, pin), timeout_s=420)
    return Change(f"kubeadm join {target.inventory.endpoint} as {host.name}", (*stale, *earlier, join))
