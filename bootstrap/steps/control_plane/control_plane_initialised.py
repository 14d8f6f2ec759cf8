"""Step control-plane-initialised."""

from bootstrap.facts.files import file_text
from bootstrap.facts.kubeadm import CA_CERT, FLANNEL_SUBNET, INIT_ENDED, INIT_FILES, Files
from bootstrap.facts.kubectl import Json, Ref
from bootstrap.facts.nodes import NODES, Node
from bootstrap.model.action import RemoveFile, Run, WriteFile
from bootstrap.model.answer import Answer, Known
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.step import Step
from bootstrap.model.tables.kubeadm import CONTROL_PLANE_LABEL
from bootstrap.model.target import Target
from bootstrap.model.text import sha256_hex, text
from bootstrap.steps.control_plane.drift import drift
from bootstrap.steps.control_plane.unfinished import beyond_mending, broken, ignored_checks
from bootstrap.steps.kubeadm_config import init_config, init_marker
from bootstrap.steps.kubectl import CLUSTER_INFO, COREDNS, KUBE_PROXY, KUBEADM_CONFIG, KUBELET_CONFIG, cluster_objects
from bootstrap.steps.reset import RESET
from bootstrap.steps.unread import unread

BEGUN = "/etc/kboot/init-begun"
MARKER, RECORD, CA = file_text(BEGUN), file_text(INIT_ENDED), file_text(CA_CERT)
_NOTE_THE_END = f"sha256sum <{CA_CERT} | cut -c1-64 >{INIT_ENDED}.new && mv {INIT_ENDED}.new {INIT_ENDED}"
_LAST = (KUBEADM_CONFIG, KUBELET_CONFIG, CLUSTER_INFO, COREDNS, KUBE_PROXY)


class ControlPlaneInitialised(Step):
    """The first control plane runs: `kubeadm init` came to its end, the API answers, and its Node is there.

    kubeadm's manual: kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init. A marker with the digest of what
    was asked for is written before init, a record with the CA's digest after it: so an init that was killed is told
    from a foreign cluster and run again, and a cluster that once stood is never initialised a second time.
    """

    follows = (
        *("kubernetes-held", "containerd-fresh", "kubelet-running", "images-present"),
        *("name-resolves", "firewall-open"),
    )
    settle_s = 180.0

    def needs(self, target: Target) -> tuple[Question, ...]:
        return target.questions(INIT_FILES, MARKER, RECORD, CA, NODES, cluster_objects(target.wanted))

    def decide(self, target: Target, facts: Facts) -> Decision:
        files, marker, record, ca = (facts(target.asked, fact) for fact in (INIT_FILES, MARKER, RECORD, CA))
        nodes, objects = facts(target.asked, NODES), facts(target.asked, cluster_objects(target.wanted))
        if waiting := unread(files, marker, record, ca):
            return waiting
        here = files.value if isinstance(files, Known) else Files(frozenset(), frozenset())
        if not here.present:
            return _init(target, here, again=False) if not here.etcd_data else _foreign(target, "/var/lib/etcd")
        if _recorded(record, ca) or _complete(target, nodes, objects):
            edited = isinstance(marker, Known) and marker.value.strip() != init_marker(target.wanted)
            return _standing(target, nodes, objects, edited=edited)
        if isinstance(marker, Known):
            return _again(target, here, marker.value.strip())
        return unread(nodes, objects) or _foreign(target, min(here.present))


def _recorded(record: Answer[str], ca: Answer[str]) -> bool:
    """An init of ours ended, and the CA is still the one that it made."""
    return isinstance(record, Known) and isinstance(ca, Known) and record.value.strip() == sha256_hex(ca.value)


def _complete(target: Target, nodes: Answer[dict[str, Node]], objects: Answer[dict[Ref, Json]]) -> bool:
    """Every phase of init has left its mark in the cluster: so also when somebody ran kubeadm by hand."""
    if not (isinstance(nodes, Known) and isinstance(objects, Known)):
        return False
    node = nodes.value.get(target.machine.name)
    return node is not None and CONTROL_PLANE_LABEL in node.labels and set(_LAST) <= set(objects.value)


def _standing(
    target: Target, nodes: Answer[dict[str, Node]], objects: Answer[dict[Ref, Json]], *, edited: bool
) -> Decision:
    """After init: only what the inventory now says may differ."""
    if waiting := unread(nodes, objects):
        return Waiting(f"the API server on {target.machine.name} to answer ({waiting.on})")
    if not (isinstance(nodes, Known) and isinstance(objects, Known)):
        return Waiting(f"the API server on {target.machine.name}")
    if target.machine.name not in nodes.value:
        return Waiting(f"the Node of {target.machine.name}: kubelet registers it when it starts")
    return drift(target.wanted, objects.value, nodes.value, edited=edited)


def _init(target: Target, files: Files, *, again: bool) -> Change:
    wanted, cluster = target.wanted, target.inventory.cluster
    ignored = ignored_checks(files) if again else ()
    argv = ["kubeadm", "init", "--config=/dev/stdin", "--skip-token-print"]
    if ignored:
        argv.append(f"--ignore-preflight-errors={','.join(ignored)}")
    words = "go on with the init that was cut off" if again else "kubeadm init"
    return Change(
        f"{words}: Kubernetes {cluster.kubernetes}, API {target.inventory.endpoint}, pods {cluster.pod_cidr}",
        (
            WriteFile(BEGUN, text(init_marker(wanted), "\n"), guarded=False),
            # A subnet that flannel noted for an earlier cluster would give the first pods its addresses.
            *(RemoveFile(path) for path in (broken(files) if again else (FLANNEL_SUBNET,))),
            # The configuration goes by stdin: a 0600 file on tmpfs that goes with the act, however it ends.
            Run(tuple(argv), stdin=init_config(wanted), timeout_s=600),
            Run(("sh", "-c", _NOTE_THE_END)),
        ),
    )


def _again(target: Target, files: Files, marker: str) -> Decision:
    """A marker and no record: an init of ours did not come to its end."""
    if marker != init_marker(target.wanted):
        return Blocked(
            Code.INIT_OF_OTHER_CONFIG,
            f"an init on {target.machine.name} was cut off, and the inventory has changed since",
            f"Put the inventory back as it was, or begin afresh, on {target.machine.name}: `{RESET}`.",
        )
    if why := beyond_mending(files):
        return Blocked(
            Code.INIT_BEYOND_MENDING,
            f"the init on {target.machine.name} cannot go on: {why}",
            f"Begin afresh, on {target.machine.name}: `{RESET}`. Then run again.",
        )
    return _init(target, files, again=True)


def _foreign(target: Target, path: str) -> Blocked:
    return Blocked(
        Code.FOREIGN_CONTROL_PLANE,
        f"{path} on {target.machine.name} is from another cluster, or from an init that kboot did not start",
        f"If it may go, on {target.machine.name}: `{RESET}`. Then run again.",
    )
