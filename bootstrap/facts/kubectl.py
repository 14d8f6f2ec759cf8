"""kubectl on the first control plane: how the cluster is asked, and its objects by name.

kubectl costs 45 to 100 ms of CPU each time, so steps share a handful of questions. `--cache-dir` keeps its discovery
cache in the exec's scratch folder: asking writes no byte to the host's disk.
"""

import json
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from bootstrap.facts.api import MARK, ONE_VERSION, api_by_curl, bodies, paths_of
from bootstrap.model.answer import Absent, Answer, Known, Unreadable
from bootstrap.model.fact import ABSENT_CODE, Fact, Output

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]

ADMIN_CONF = "/etc/kubernetes/admin.conf"
_FAILED = 1
# It lives for a tenth of a second, and a quarter of its CPU went to collecting garbage (measured 2026-11); the limit
# is for the answers of a large cluster (go.dev/doc/gc-guide, "Memory limit").
_GO = "GOGC=off GOMEMLIMIT=256MiB"
_KUBECTL = (
    "missing=; "
    f"[ -s {ADMIN_CONF} ] && command -v kubectl >/dev/null || exit {ABSENT_CODE}; "
    f'k() {{ {_GO} kubectl --kubeconfig {ADMIN_CONF} --request-timeout=5s --cache-dir="$PWD/kubectl" "$@"; }}; '
    f"\n{api_by_curl(ADMIN_CONF)}"
)


def asked_with_kubectl(
    name: str,
    script: str,
    parse: Callable[[Output], Answer[T]],
    *,
    failed: Callable[[Output], Answer[T]] | None = None,
    deadline_s: float = 9.0,
) -> Fact[T]:
    """A fact whose script calls `k` for kubectl as the cluster's admin. Absent: this host has no admin.conf.

    kubectl's exit code 1 is Unreadable: the API server did not answer as it should; or what `failed` makes of it.
    """

    def read(out: Output) -> Answer[T]:
        if out.exit_code == ABSENT_CODE:
            return Absent(f"{ADMIN_CONF} is not there")
        if out.exit_code == _FAILED:
            return failed(out) if failed else silent(out)
        return parse(out)

    return Fact(name, _KUBECTL + script, read, deadline_s=deadline_s, answers=frozenset({0, _FAILED, ABSENT_CODE}))


def silent(out: Output) -> Unreadable:
    """kubectl's own last word on why there is no answer."""
    return Unreadable(f"the API server does not answer: {last_line(out.stderr) or 'kubectl failed'}")


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """An object's place in the API. `namespace` is empty for what belongs to the cluster."""

    api_version: str
    kind: str
    name: str
    namespace: str = ""

    @classmethod
    def of(cls, item: Json) -> "Ref":
        """The place of an object as JSON."""
        meta = item["metadata"]
        return cls(item["apiVersion"], item["kind"], meta["name"], meta.get("namespace", ""))

    def stub(self) -> Json:
        """The least that `kubectl get -f` wants to find it."""
        namespace = {"namespace": self.namespace} if self.namespace else {}
        return {"apiVersion": self.api_version, "kind": self.kind, "metadata": {"name": self.name, **namespace}}


def objects(refs: Iterable[Ref]) -> Fact[dict[Ref, Json]]:
    """Those of these objects that are there, whole, in one call."""
    wanted = sorted(refs)
    stubs = {"apiVersion": "v1", "kind": "List", "items": [ref.stub() for ref in wanted]}
    script = f"k get -f - --ignore-not-found -o json <<'.'\n{json.dumps(stubs)}\n.\n"
    if paths := paths_of((ref.api_version, ref.kind, ref.namespace, ref.name) for ref in wanted):
        script = f"missing=1\napi api-objects '{ONE_VERSION}' {shlex.join(paths)} && exit\n{script}"
    return asked_with_kubectl("cluster-objects", script, _objects, failed=_partly)


def _objects(out: Output) -> Answer[dict[Ref, Json]]:
    if not out.stdout.strip():
        return Known({})
    if MARK in out.stdout:
        return Known({Ref.of(item): item for item in map(json.loads, bodies(out.stdout))})
    found = json.loads(out.stdout)
    items = found["items"] if found["kind"] == "List" else [found]
    return Known({Ref.of(item): item for item in items})


def _partly(out: Output) -> Answer[dict[Ref, Json]]:
    """A kind whose definition is itself one of the wanted objects is not known yet: then it is simply not there."""
    other = [
        line for line in out.stderr.splitlines() if "no matches for kind" not in line and "ensure CRDs" not in line
    ]
    return silent(out) if other or not out.stderr else _objects(out)
