"""Fields with a syntax of their own: endpoint, domains, labels, taints, bastion."""

import re
from collections.abc import Iterator

from bootstrap.load.rules.finding import Finding, Path
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory

_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_NAME = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
# kubernetes.io/docs/concepts/overview/working-with-objects/labels: [prefix/]name, values at most 63.
_LABEL_VALUE = re.compile(rf"({_NAME})?")
_BASTION = re.compile(r"(?P<user>[^@\s:,]+@)?(?P<host>[^]\[@\s:,]+|\[[0-9A-Fa-f:.]+])(:(?P<port>\d{1,5}))?")


def endpoint_parses(inventory: Inventory) -> Iterator[Finding]:
    """controlPlaneEndpoint is `host` or `host:port`, without a scheme."""
    endpoint = inventory.cluster.endpoint
    if endpoint is None:
        return
    host, colon, port = endpoint.partition(":")
    if not _DOMAIN.fullmatch(host) or (colon and not _is_port(port)):
        plain = re.sub(r"^\w+://|/.*$", "", re.sub(r"^\w+://", "", endpoint))
        hint = f'did you mean "{plain}"?' if plain != endpoint else "for example k8s.lab.example:6443"
        yield Finding(("cluster", "endpoint"), Code.FIELD_INVALID, f'"{endpoint}" is not host or host:port', hint)


def domains_parse(inventory: Inventory) -> Iterator[Finding]:
    """The cluster's DNS domain and the certificate's names are DNS names (certSANs: also addresses and `*.` names)."""
    domain = inventory.cluster.dns_domain
    if not _DOMAIN.fullmatch(domain):
        hint = f'did you mean "{domain.strip(".").lower()}"?'
        yield Finding(("cluster", "dnsDomain"), Code.FIELD_INVALID, f'"{domain}" is not a DNS domain', hint)
    for index, name in enumerate(inventory.cluster.cert_sans):
        if not _DOMAIN.fullmatch(name.removeprefix("*.").lower()):
            rule = f'"{name}" is neither a DNS name nor an address'
            yield Finding(("cluster", "certSANs", index), Code.FIELD_INVALID, rule, "without scheme and port")


def labels_parse(inventory: Inventory) -> Iterator[Finding]:
    """Label keys are [prefix/]name, values at most 63 of letters, digits, - _ and dots."""
    for index, host in enumerate(inventory.hosts):
        for key, value in host.labels.items():
            path: Path = ("hosts", index, "labels", key)
            if not _is_qualified(key):
                yield Finding(path, Code.FIELD_INVALID, f'"{key}" is not a label key', _KEY_HINT, at_key=True)
            if not _LABEL_VALUE.fullmatch(value):
                yield Finding(path, Code.FIELD_INVALID, f'"{value}" is not a label value', _VALUE_HINT)


def taints_parse(inventory: Inventory) -> Iterator[Finding]:
    """Taint keys and values have the syntax of labels; a key and effect stands once."""
    for index, host in enumerate(inventory.hosts):
        seen: set[tuple[str, str]] = set()
        for at, taint in enumerate(host.taints):
            path: Path = ("hosts", index, "taints", at)
            if not _is_qualified(taint.key):
                yield Finding((*path, "key"), Code.FIELD_INVALID, f'"{taint.key}" is not a taint key', _KEY_HINT)
            if not _LABEL_VALUE.fullmatch(taint.value):
                rule = f'"{taint.value}" is not a taint value'
                yield Finding((*path, "value"), Code.FIELD_INVALID, rule, _VALUE_HINT)
            if (taint.key, taint.effect) in seen:
                rule = f"the taint {taint.key}:{taint.effect} is given twice"
                yield Finding(path, Code.FIELD_INVALID, rule, "keep one: a node has one value for it")
            seen.add((taint.key, taint.effect))


def bastions_parse(inventory: Inventory) -> Iterator[Finding]:
    """A bastion is user@host[:port], or several of them with commas."""
    places: list[tuple[Path, str | None]] = [(("ssh", "bastion"), inventory.ssh.bastion)]
    places += [(("hosts", index, "ssh", "bastion"), host.ssh.bastion) for index, host in enumerate(inventory.hosts)]
    for path, bastion in places:
        for one in bastion.split(",") if bastion is not None else ():
            match = _BASTION.fullmatch(one)
            if match and (not match["port"] or _is_port(match["port"])):
                continue
            rule = f'"{one}" is not user@host[:port]'
            yield Finding(path, Code.FIELD_INVALID, rule, "for example jump@bastion.example:2222")


_KEY_HINT = "[prefix/]name: letters, digits, - _ . and at most 63 of them after the prefix"
_VALUE_HINT = "at most 63 letters, digits, - _ and dots; it starts and ends with a letter or digit"


def _is_qualified(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    return bool(re.fullmatch(_NAME, name)) and (not slash or bool(_DOMAIN.fullmatch(prefix)))


def _is_port(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,5}", text)) and 1 <= int(text) <= 65535
