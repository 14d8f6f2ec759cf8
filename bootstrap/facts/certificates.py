"""The certificates that kubeadm and kubelet keep on a host, and until when they are valid."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output

_PKI, _KUBERNETES, _KUBELET = "/etc/kubernetes/pki/", "/etc/kubernetes/", "/var/lib/kubelet/pki/"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate. `name` as `kubeadm certs check-expiration` has it; `authority`: it signs others (ten years)."""

    name: str
    expires: datetime
    authority: bool


# Of a file that holds a key too, only certificates leave the host. kubelet's serving certificate (kubelet.crt) is left
# out: it signs itself, nobody checks it (kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping).
_FILES = f"{_PKI}*.crt {_PKI}etcd/*.crt {_KUBERNETES}*.conf {_KUBELET}kubelet-client-current.pem"
_PUBLIC = (
    'FNR == 1 { print "file " FILENAME; on = 0 } /-----BEGIN CERTIFICATE-----/ { on = 1 } on { print } '
    '/-----END CERTIFICATE-----/ { on = 0 } /^ *client-certificate-data:/ { print "data " $2 }'
)
_SCRIPT = (
    f'set --; for file in {_FILES}; do [ -f "$file" ] && set -- "$@" "$file"; done; '
    f"[ $# -gt 0 ] || exit {ABSENT_CODE}; awk '{_PUBLIC}' \"$@\""
)


def _certificates(out: Output) -> Answer[tuple[Certificate, ...]]:
    if out.exit_code == ABSENT_CODE:
        return Absent("no certificate of Kubernetes is here")
    return Known(tuple(_certificate(path, pem) for path, pem in _first_of_each(out.stdout) if pem))


def _first_of_each(text: str) -> Iterator[tuple[str, str]]:
    """Path and first certificate of each file; empty for a kubeconfig that names a file instead."""
    for part in text.split("file ")[1:]:
        path, _, body = part.partition("\n")
        if body.startswith("data "):
            yield path, base64.b64decode(body.split()[1]).decode()
        else:
            yield path, body.partition("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----" if body else ""


def _certificate(path: str, pem: str) -> Certificate:
    from cryptography import x509  # noqa: PLC0415 - only `status` reads them

    read = x509.load_pem_x509_certificate(pem.encode())
    try:
        authority = read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    return Certificate(_name(path), read.not_valid_after_utc, authority)


def _name(path: str) -> str:
    """`etcd/server`, `admin.conf`, `kubelet client`."""
    if path.startswith(_KUBELET):
        return "kubelet client"
    return path.removeprefix(_PKI).removesuffix(".crt") if path.startswith(_PKI) else path.removeprefix(_KUBERNETES)


CERTIFICATES: Fact[tuple[Certificate, ...]] = Fact(
    "certificates", _SCRIPT, _certificates, answers=frozenset({0, ABSENT_CODE})
)
