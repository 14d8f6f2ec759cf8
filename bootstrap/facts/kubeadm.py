"""What kubeadm leaves on a host: certificates, kubeconfigs, manifests, and whether each file is whole."""

from dataclasses import dataclass

from bootstrap.facts.files import file_sha256
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output

KUBERNETES = "/etc/kubernetes"
PKI = f"{KUBERNETES}/pki"
CA_CERT = f"{PKI}/ca.crt"
KUBELET_CONF = f"{KUBERNETES}/kubelet.conf"
BOOTSTRAP_CONF = f"{KUBERNETES}/bootstrap-kubelet.conf"
# Known: this host is, or was, a node of some cluster.
MEMBER = file_sha256(KUBELET_CONF)
# kboot's own note that `kubeadm init` ended well here.
INIT_ENDED = "/etc/kboot/init-ended"
# flannel's note of this node's pod network, for its CNI plugin (flannel Documentation/running.md).
FLANNEL_SUBNET = "/run/flannel/subnet.env"

# kubeadm's own order (cmd/kubeadm/app/phases/certs/certlist.go): each CA before what it signs.
AUTHORITIES = ("ca", "front-proxy-ca", "etcd/ca")
LEAVES = (
    *("apiserver", "apiserver-kubelet-client", "front-proxy-client"),
    *("etcd/server", "etcd/peer", "etcd/healthcheck-client", "apiserver-etcd-client"),
)
PAIRS = {name: (f"{PKI}/{name}.crt", f"{PKI}/{name}.key") for name in (*AUTHORITIES, *LEAVES)}
PAIRS["sa"] = (f"{PKI}/sa.pub", f"{PKI}/sa.key")
KUBECONFIGS = tuple(
    f"{KUBERNETES}/{name}.conf" for name in ("admin", "super-admin", "kubelet", "controller-manager", "scheduler")
)
MANIFESTS = tuple(
    f"{KUBERNETES}/manifests/{name}.yaml"
    for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd")
)


@dataclass(frozen=True, slots=True)
class Files:
    """Which of kubeadm's files are on a host, which of those are whole (not empty, not cut), and etcd's data."""

    present: frozenset[str]
    whole: frozenset[str]
    etcd_data: bool = False


def _files(out: Output) -> Answer[Files]:
    said: dict[str, set[str]] = {"present": set(), "whole": set(), "etcd": set()}
    for line in out.stdout.splitlines():
        word, _, path = line.partition(" ")
        said[word].add(path)
    return Known(Files(frozenset(said["present"]), frozenset(said["whole"]), bool(said["etcd"])))


# A file is whole when it ends as its format ends: a PEM file with its END line, kubeadm's kubeconfig with the key of
# its user, whose base64 ends as a PEM file ends ("-----\n" in each of the three alignments), or a key by path. Keys
# are looked at on the host only. awk names no empty file, so those are never whole.
_WHOLE = (
    "{ last[FILENAME] = $0 } END { for (name in last) { line = last[name]; "
    r"if (name ~ /\.conf$/ ? line ~ /^ *client-key(-data: .*(LS0K|LQo=|Cg==)$|: \/)/ : "
    r'name ~ /\.yaml$/ ? line !~ /^ *[A-Za-z]*$/ : line ~ /^-----END .*-----$/) print "whole " name } }'
)


def _looking_at(paths: tuple[str, ...]) -> str:
    return (
        f'set --; for path in {" ".join(paths)}; do [ -e "$path" ] || continue; '
        'echo "present $path"; set -- "$@" "$path"; done; '
        f"[ $# -eq 0 ] || awk '{_WHOLE}' \"$@\"; "
    )


INIT_FILES: Fact[Files] = Fact(
    "kubeadm-init-files",
    _looking_at((*(path for pair in PAIRS.values() for path in pair), *KUBECONFIGS, *MANIFESTS))
    + '[ -z "$(ls -A /var/lib/etcd 2>/dev/null)" ] || echo "etcd data"',
    _files,
)

JOIN_FILES: Fact[Files] = Fact(
    "kubeadm-join-files", _looking_at((KUBELET_CONF, BOOTSTRAP_CONF, CA_CERT, FLANNEL_SUBNET)) + "true", _files
)
