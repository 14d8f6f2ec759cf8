"""The probe pods: one on each node, every pair of which must talk; and the record of their verdict in the cluster.

agnhost is Kubernetes' own test server (module k8s.io/kubernetes, test/images/agnhost): `netexec` echoes over HTTP and
answers UDP, `connect` tells a name that does not resolve from a port that does not answer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bootstrap.facts.kubectl import ADMIN_CONF, Json, Ref
from bootstrap.model.action import Run
from bootstrap.model.target import Wanted
from bootstrap.model.text import text
from bootstrap.steps.kubectl import PROBE_PODS, PROBE_RECORD, SYSTEM
from bootstrap.steps.runtime.images import bundled_probe_image, probe_image

_NAME = PROBE_PODS.name
_HTTP, _UDP = 8080, 8081
_ALL_PAIRS_UP_TO = 12
# How long a pod may take to start: with the image on every host, and where each must fetch its 60 MB first.
_START_S, _START_AND_FETCH_S = 120, 180
# A pair that does not answer takes 15 s (see _INNER); the rest is for `kubectl exec`, whose API server gives up on a
# kubelet that it cannot reach after 30 s.
_TALK_S = 40
# Five calls of kubectl beside those two, each at most 10 s: the verdict is written before the act's own end.
_MARGIN_S = 60


@dataclass(frozen=True)
class Record:
    """What the last probe found. `nodes` maps a node's name to its state then; `failed` are lines `FROM TO WHAT`."""

    run: str
    network: str
    nodes: Mapping[str, str]
    failed: tuple[str, ...]

    def covers(self, network: str, nodes: Mapping[str, str]) -> bool:
        """Whether this verdict is about the network and every node as they are now."""
        return self.network == network and nodes.items() <= self.nodes.items()

    def apart(self, nodes: Mapping[str, str]) -> tuple[str, ...]:
        """What failed among these nodes: a node that was lost since has its own line in the report."""
        gone = self.nodes.keys() - nodes.keys()
        return tuple(line for line in self.failed if gone.isdisjoint(line.split()[:2]))


def recorded(objects: Mapping[Ref, Json]) -> Record | None:
    """The record in the cluster; None when there is none that can be read."""
    data = objects.get(PROBE_RECORD, {}).get("data", {})
    try:
        nodes = dict(json.loads(data["nodes"]))
        return Record(data["run"], data["network"], nodes, tuple(data["failed"].splitlines()))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def peers(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Whom a node's pod talks to: all others; on a big cluster the next ones in a ring, so that nobody is left out."""
    at = names.index(name)
    ring = (*names[at + 1 :], *names[:at])
    return ring if len(names) <= _ALL_PAIRS_UP_TO else ring[: _ALL_PAIRS_UP_TO - 1]


def probing(wanted: Wanted, network: str, nodes: Mapping[str, str]) -> Run:
    """One act: start the pods, let each talk to its peers, write the record, remove the pods. Bounded in time."""
    names = sorted(nodes)
    script = _SCRIPT.format(
        admin_conf=ADMIN_CONF,
        system=SYSTEM,
        name=_NAME,
        record=PROBE_RECORD.name,
        pods=json.dumps(_daemon_set(wanted)),
        nodes=" ".join(names),
        talks="\n".join(f"talk {name} {' '.join(peers(name, names))} &" for name in names),
        inner=_INNER.format(http=_HTTP, udp=_UDP, domain=wanted.inventory.cluster.dns_domain),
        start_s=_start_s(wanted),
        talk_s=_TALK_S,
        run=wanted.run.run_id,
        network=network,
        states=json.dumps(dict(nodes), sort_keys=True),
    )
    return Run(("sh", "-s"), stdin=text(script), timeout_s=longest_s(wanted) + _MARGIN_S)


def longest_s(wanted: Wanted) -> int:
    """How many seconds a probe takes when a pod does not start and another does not answer."""
    return _start_s(wanted) + _TALK_S


def _start_s(wanted: Wanted) -> int:
    return _START_S if bundled_probe_image(wanted) else _START_AND_FETCH_S


def _daemon_set(wanted: Wanted) -> Json:
    """On every node, tainted ones too."""
    labels = {"app": _NAME}
    container = {
        "name": "probe",
        "image": probe_image(wanted),
        "imagePullPolicy": "IfNotPresent",
        "args": ["netexec", f"--http-port={_HTTP}", f"--udp-port={_UDP}"],
        "resources": {"requests": {"cpu": "1m", "memory": "8Mi"}},
    }
    pod = {
        "containers": [container],
        "tolerations": [{"operator": "Exists"}],
        "terminationGracePeriodSeconds": 0,
        "automountServiceAccountToken": False,
        "nodeSelector": {"kubernetes.io/os": "linux"},
    }
    return {
        "apiVersion": PROBE_PODS.api_version,
        "kind": PROBE_PODS.kind,
        "metadata": {"name": _NAME, "namespace": SYSTEM, "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


# In a pod: FROM, then NODE=ADDRESS of each peer. A payload of 3000 bytes each way is larger than any common MTU: an
# overlay whose MTU is wrong passes small packets and no page. Only what fails is printed; each is tried for some 15 s,
# side by side, for flannel and kube-proxy may hear of a new node's pods a few seconds late. `timeout`, for the wget -T
# of Debian 12's static busybox 1.35 ends with a segmentation fault.
_INNER = """\
from=$1; shift
big=0123456789; for n in 1 2 3 4 5 6 7 8; do big=$big$big; [ ${{#big}} -lt 3000 ] || break; done
last=$(($(date +%s) + 12))
tries() {{ until "$@" >/dev/null 2>&1; do [ "$(date +%s)" -lt "$last" ] || return 1; sleep 1; done; }}
page() {{ [ "$(busybox timeout 3 wget -q -O- "http://$1:{http}/echo?msg=$big")" = "$big" ]; }}
for peer; do
    to=${{peer%%=*}}; at=${{peer#*=}}
    {{ tries page "$at" || echo "$from $to TCP"; }} &
    {{ tries /agnhost connect --timeout=2s --protocol=udp "$at:{udp}" || echo "$from $to UDP"; }} &
done
tries /agnhost connect --timeout=3s kubernetes.default.svc.{domain}:443 || echo "$from kubernetes.default DNS"
wait
"""

_SCRIPT = """\
set -u
scratch=$(mktemp -d /run/kboot-probe.XXXXXX) && cd "$scratch" || exit 1
k() {{ kubectl --kubeconfig {admin_conf} --request-timeout=10s -n {system} "$@"; }}
trap 'k delete daemonset {name} --ignore-not-found --wait=false >/dev/null; cd /; rm -rf "$scratch"' EXIT
trap 'exit 143' HUP INT TERM PIPE
k delete configmap {record} --ignore-not-found || exit 1
k apply --server-side --field-manager=kboot --force-conflicts -f - <<'.' || exit 1
{pods}
.
cat >inner <<'.'
{inner}.
address() {{ while read -r node pod at ready; do [ "$node" = "$1" ] && echo "$at"; done <pods; }}
missing() {{ for node in {nodes}; do grep -q "^$node .* True$" pods || echo "$node"; done; }}
columns=NODE:.spec.nodeName,POD:.metadata.name,AT:.status.podIP
columns="$columns,"'READY:.status.conditions[?(@.type=="Ready")].status'
deadline=$(($(date +%s) + {start_s}))
while :; do
    k get pods -l app={name} --no-headers -o custom-columns="$columns" | tr -s ' ' | sed 's/ *$//' >pods
    late=$(missing); [ -n "$late" ] && [ "$(date +%s)" -lt "$deadline" ] || break
    sleep 0.5
done
for node in $late; do echo "$node $node START" >"late.$node"; done
talk() {{
    from=$1; shift
    pod=$(while read -r node pod _; do [ "$node" = "$from" ] && echo "$pod"; done <pods)
    [ ! -e "late.$from" ] || return 0
    peers=
    for to; do [ -e "late.$to" ] || peers="$peers $to=$(address "$to")"; done
    timeout {talk_s} kubectl --kubeconfig {admin_conf} -n {system} exec "$pod" -- \\
        sh -c "$(cat inner)" probe "$from" $peers >"told.$from" 2>"err.$from" || echo "$from $from EXEC" >>"told.$from"
    cat "err.$from"
}}
{talks}
wait
cat late.* told.* 2>/dev/null | sort >failed
cat failed
k create configmap {record} --from-literal=run={run} --from-literal=network={network} --from-literal=nodes='{states}' \\
    --from-file=failed=failed
"""
