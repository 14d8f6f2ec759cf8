"""Fields with a syntax of their own: endpoint and domains."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address

from bootstrap.load.rules.finding import Finding
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory

# RFC 1123 section 2.1: letters, digits and hyphens; labels of at most 63, 253 in all.
_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")


def endpoint_parses(inventory: Inventory) -> Iterator[Finding]:
    """controlPlaneEndpoint is `host` or `host:port`, without a scheme."""
    endpoint = inventory.cluster.endpoint
    if endpoint is None:
        return
    if not _is_endpoint(endpoint):
        plain = re.sub(r"/.*$", "", re.sub(r"^(\w+://)+", "", endpoint.strip())).lower()
        hint = f'did you mean "{plain}"?' if _is_endpoint(plain) else "for example k8s.lab.example:6443"
        if plain.count(":") > 1:
            hint = "kboot does not speak IPv6 yet"
        yield Finding(("cluster", "endpoint"), Code.FIELD_INVALID, f'"{endpoint}" is not host or host:port', hint)


def domains_parse(inventory: Inventory) -> Iterator[Finding]:
    """The cluster's DNS domain and the certificate's names are DNS names (certSANs: also addresses and `*.` names)."""
    domain = inventory.cluster.dns_domain
    if not DOMAIN.fullmatch(domain):
        plain = domain.strip(". ").lower().replace("_", "-")
        hint = f'did you mean "{plain}"?' if DOMAIN.fullmatch(plain) else "for example cluster.local"
        yield Finding(("cluster", "dnsDomain"), Code.FIELD_INVALID, f'"{domain}" is not a DNS domain', hint)
    for index, name in enumerate(inventory.cluster.cert_sans):
        if not _is_name(name.removeprefix("*.").lower()):
            rule = f'"{name}" is neither a DNS name nor an address'
            yield Finding(("cluster", "certSANs", index), Code.FIELD_INVALID, rule, _san_hint(name))


def _san_hint(name: str) -> str:
    plain = re.sub(r"^\w+://|(:\d+)?(/.*)?$", "", name.strip())
    if plain != name and _is_name(plain.removeprefix("*.").lower()):
        return f'did you mean "{plain}"?'
    return "kboot does not speak IPv6 yet" if name.count(":") > 1 else "for example k8s.lab.example"


def _is_endpoint(text: str) -> bool:
    host, colon, port = text.partition(":")
    return _is_name(host) and (not colon or is_port(port))


def _is_name(text: str) -> bool:
    """A DNS name or an IPv4 address."""
    return bool(DOMAIN.fullmatch(text)) and not is_no_address(text)


def is_no_address(text: str) -> bool:
    """Whether it looks like an IPv4 address and is none: 10.1.0.300, 10.1.0.l1."""
    return bool(re.fullmatch(r"[0-9.]+|([0-9]+\.){3}[^.]+", text)) and not is_ipv4(text)


def is_ipv4(text: str) -> bool:
    """Whether it is an IPv4 address."""
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def is_port(text: str) -> bool:
    """Whether it is a TCP port in digits."""
    return bool(re.fullmatch(r"[0-9]{1,5}", text)) and 1 <= int(text) <= 65535
