"""The API server asked by curl: a third of the CPU that kubectl costs for the same answer.

kubectl starts for 45 to 100 ms of CPU and asks for all the API's kinds before it asks for an object; a converged run
does little else on the control plane. So a question goes by curl, as the admin of admin.conf, and where that does not
give the whole answer (no curl, no API server, anything but the expected code) kubectl is asked, and has the last word.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

MARK = "kboot-http "
ONE_VERSION = "application/json"
# Only names and labels: the server leaves out all else (kubernetes.io/docs/reference/using-api/api-concepts,
# "Metadata-only fetches").
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

# Kind -> the word in the path, of what kboot and its addons ask for; another kind is asked with kubectl, which knows
# them all (kubernetes.io/docs/reference/kubernetes-api, checked 2026-11 on 1.36).
_RBAC = "rbac.authorization.k8s.io/v1"
_NAMESPACED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("v1", "ConfigMap"): "configmaps",
        ("v1", "Service"): "services",
        ("v1", "ServiceAccount"): "serviceaccounts",
        ("apps/v1", "DaemonSet"): "daemonsets",
        ("apps/v1", "Deployment"): "deployments",
        ("apps/v1", "StatefulSet"): "statefulsets",
        (_RBAC, "Role"): "roles",
        (_RBAC, "RoleBinding"): "rolebindings",
    }
)
_OF_THE_CLUSTER: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("v1", "Namespace"): "namespaces",
        ("apiregistration.k8s.io/v1", "APIService"): "apiservices",
        (_RBAC, "ClusterRole"): "clusterroles",
        (_RBAC, "ClusterRoleBinding"): "clusterrolebindings",
        ("storage.k8s.io/v1", "StorageClass"): "storageclasses",
    }
)

# `api NAME ACCEPT PATH...` prints each answer and a line `kboot-http CODE` after it. The key lies in the exec's scratch
# folder (0700, tmpfs), for as long as that lasts. The agent's name keeps each answer on one line: the server indents
# them for one that begins with "curl" (apiserver, endpoints/handlers/responsewriters/writers.go). Every fork counts.
_API = """\
api() {{
    command -v curl >/dev/null || return 1
    server=$(awk -v to="$1" '$1 == "server:" {{ print $2 }}
        /^ *client-(certificate|key)-data:/ {{ print $2 >to ".me64" }}
        /^ *certificate-authority-data:/ {{ print $2 >to ".ca64" }}' {conf})
    base64 -d <"$1.me64" >"$1.me" && base64 -d <"$1.ca64" >"$1.ca" || return 1
    name=$1; accept=$2; shift 2
    for path; do set -- "$@" "$server$path"; shift; done
    told=$(curl -q -g -sS -A kboot -H "Accept: $accept" --noproxy '*' --max-time 2 --cacert "$name.ca" \
        --cert "$name.me" -w '\n{mark}%{{http_code}}\n' "$@" 2>/dev/null) || return 1
    case $told in
        *"{mark}"[!24]* | *"{mark}4"[!0]* | *"{mark}40"[!4]*) return 1 ;;
        *"{mark}404"*) [ "$missing" ] || return 1 ;;
    esac
    printf '%s\n' "$told"
}}
"""


def api_by_curl(admin_conf: str) -> str:
    """Shell that defines `api`. With `missing=1` before it, that an object is not there is an answer too."""
    return _API.format(conf=admin_conf, mark=MARK)


def bodies(told: str) -> tuple[str, ...]:
    """What was found, in the order of the paths; what is missing is left out. `told` by `api`."""
    found, body = [], ""
    for line in filter(str.strip, told.splitlines()):
        if line.startswith(MARK):
            found += [body] if line == f"{MARK}200" else []
            body = ""
        else:
            body += line
    return tuple(found)


def paths_of(places: Iterable[tuple[str, str, str, str]]) -> tuple[str, ...] | None:
    """Paths of objects given as (apiVersion, kind, namespace, name); None when kubectl knows better.

    That is a kind not known here, and one with a namespace where none is given.
    """
    found = []
    for api_version, kind, namespace, name in places:
        resource = (_NAMESPACED if namespace else _OF_THE_CLUSTER).get((api_version, kind))
        if resource is None:
            return None
        root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        within = f"/namespaces/{namespace}" if namespace else ""
        found.append(f"{root}{within}/{resource}/{name}")
    return tuple(found)
