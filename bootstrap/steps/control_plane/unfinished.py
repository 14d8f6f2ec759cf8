"""What a killed `kubeadm init` left behind: which files must go before it can be run again, and which checks to ignore.

kubeadm writes a private key before its certificate and no file atomically; a second init takes over what is whole and
stops at what is not (cmd/kubeadm/app/phases/certs/certs.go, phases/kubeconfig/kubeconfig.go). A lone sa.key is worse:
it is taken over, and sa.pub is never written.
"""

from bootstrap.facts.kubeadm import AUTHORITIES, KUBECONFIGS, LEAVES, MANIFESTS, PAIRS, Files
from bootstrap.model.tables.kubeadm import INIT_PORT_CHECKS, dir_check, file_check


def broken(files: Files) -> tuple[str, ...]:
    """Files of ours that must be removed: both of a pair of which one is missing or cut, and cut kubeconfigs."""
    found = [path for pair in PAIRS.values() if not files.whole.issuperset(pair) for path in pair]
    found += [path for path in KUBECONFIGS if path not in files.whole]
    return tuple(path for path in found if path in files.present)


def beyond_mending(files: Files) -> str:
    """Why init cannot go on from here, empty when it can: a CA is not whole, and something was already signed by it."""
    for name in AUTHORITIES:
        lost = [path for path in PAIRS[name] if path not in files.whole]
        signed = [path for leaf in _signed_by(name) for path in PAIRS[leaf] if path in files.whole]
        if lost and (signed or files.etcd_data):
            return f"{lost[0]} is missing or cut, but {signed[0] if signed else '/var/lib/etcd'} was made with it"
    return ""


def ignored_checks(files: Files) -> tuple[str, ...]:
    """kubeadm's checks that our own files and processes would fail, by name."""
    names = [file_check(path) for path in MANIFESTS if path in files.present]
    if files.etcd_data:
        names.append(dir_check("/var/lib/etcd"))
    if any(path in files.present for path in MANIFESTS):
        names += INIT_PORT_CHECKS
    return tuple(names)


def _signed_by(authority: str) -> tuple[str, ...]:
    """certlist.go: front-proxy-client by front-proxy-ca, all with etcd in their name by etcd/ca, the rest by ca."""
    match authority:
        case "front-proxy-ca":
            return ("front-proxy-client",)
        case "etcd/ca":
            return tuple(name for name in LEAVES if "etcd" in name)
        case _:
            return tuple(name for name in LEAVES if "etcd" not in name and name != "front-proxy-client")
