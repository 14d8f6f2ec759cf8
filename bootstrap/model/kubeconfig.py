"""Merging one cluster's admin access into a kubeconfig that somebody else wrote: every other byte of it stays.

Format: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ (checked 2026-11): lists of named clusters,
users and contexts. The text is edited in place at the marks that the YAML parser gives, then read again and compared
with what was meant, so that an unusual file is refused rather than damaged.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from bootstrap.model.inventory import Inventory
from bootstrap.model.safe_yaml import safe_load
from bootstrap.model.yaml_edit import EditError, with_entry, with_scalar

_CA = "certificate-authority-data"
SECTIONS = {"clusters": "cluster", "users": "user", "contexts": "context"}


class KubeconfigError(ValueError):
    """The text is no kubeconfig, or cannot be edited without harm; the message says why."""


@dataclass(frozen=True, slots=True)
class Access:
    """One cluster's entries, under the names `<cluster>`, `<cluster>-admin` and `<cluster>`."""

    name: str
    cluster: Mapping[str, Any]
    user: Mapping[str, Any]

    @classmethod
    def of(cls, text: str, name: str) -> "Access":
        """The current context (else the first) of an admin kubeconfig such as /etc/kubernetes/admin.conf."""
        document = _parsed(text)
        contexts = _named(document, "contexts")
        chosen = contexts.get(document.get("current-context") or "") or next(iter(contexts.values()), None)
        try:
            context = (chosen or {})["context"]
            cluster = _named(document, "clusters")[context["cluster"]]["cluster"]
            user = _named(document, "users")[context["user"]]["user"]
        except (KeyError, TypeError) as error:
            raise KubeconfigError(f"no context with a cluster and a user: {error}") from error
        return cls(name, cluster, user)

    def at(self, server: str) -> "Access":
        """The same, with the API server at this URL."""
        return replace(self, cluster={**self.cluster, "server": server})

    def entries(self) -> dict[str, dict[str, Any]]:
        """Section -> the entry that belongs there."""
        user = f"{self.name}-admin"
        return {
            "clusters": {"name": self.name, "cluster": dict(self.cluster)},
            "users": {"name": user, "user": dict(self.user)},
            "contexts": {"name": self.name, "context": {"cluster": self.name, "user": user}},
        }

    def document(self) -> str:
        """A kubeconfig of its own."""
        lists = {section: [entry] for section, entry in self.entries().items()}
        whole = {"apiVersion": "v1", "kind": "Config", **lists, "current-context": self.name}
        return yaml.safe_dump(whole, sort_keys=False)


def merged(present: str, access: Access, *, use: bool = False) -> str:
    """`present` with this access added or replaced, and nothing else touched; a namespace chosen for it stays.

    It becomes the current context when there is none, or with `use`. Raises KubeconfigError.
    """
    if not present.strip():
        return access.document()
    document = _parsed(present)
    wanted = access.entries()
    wanted["contexts"]["context"] = _inside(document, "contexts", access.name) | wanted["contexts"]["context"]
    text = present if present.endswith("\n") else present + "\n"
    try:
        for section, entry in wanted.items():
            if _named(document, section).get(entry["name"]) != entry:
                text = with_entry(text, section, entry)
        if use or not document.get("current-context"):
            text = with_scalar(text, "current-context", access.name)
    except (EditError, yaml.YAMLError) as error:
        raise KubeconfigError(_without_its_text(error)) from error
    _require_only(document, _parsed(text), wanted)
    return present if text == present + "\n" else text


def foreign(present: str, access: Access, own_servers: Collection[str] = ()) -> str:
    """Why an entry of our names seems another cluster's: other server and other CA. Empty: it is ours or absent.

    `own_servers` are more URLs at which an earlier life of this cluster may have stood. Raises KubeconfigError.
    """
    document, ours = _parsed(present), {access.cluster.get("server"), *own_servers}

    def stranger(cluster: str) -> str:
        found = _inside(document, "clusters", cluster)
        ca = found.get(_CA)
        same = (ca and ca == access.cluster.get(_CA)) or found.get("server") in ours
        return "" if not found or same else str(found.get("server"))

    if server := stranger(access.name):
        return f"the cluster {access.name!r} there is {server}, ours is {access.cluster.get('server')}"
    user = access.entries()["users"]["name"]
    for name in _named(document, "contexts"):
        context = _inside(document, "contexts", name)
        taken = f"the context {name!r}" if name == access.name else f"the user {user!r} of the context {name!r}"
        if (name == access.name or context.get("user") == user) and (server := stranger(str(context.get("cluster")))):
            return f"{taken} there is for {server}, ours is {access.cluster.get('server')}"
    return ""


def own_servers(inventory: Inventory) -> frozenset[str]:
    """The URLs at which this cluster stands by its inventory, or stood before somebody gave it an endpoint."""
    port = inventory.endpoint.rpartition(":")[2]
    hosts = {address for host in inventory.control_planes for address in (host.address, host.node_address)}
    return frozenset({f"https://{inventory.endpoint}", *(f"https://{host}:{port}" for host in hosts)})


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = safe_load(text)
    except yaml.YAMLError as error:
        raise KubeconfigError(_without_its_text(error)) from error
    if document is None:
        return {}
    if not isinstance(document, dict) or document.get("kind", "Config") != "Config":
        raise KubeconfigError("no kubeconfig: a mapping of kind Config is needed")
    return document


def _named(document: Mapping[str, Any], section: str) -> dict[str, Any]:
    entries = document.get(section) or []
    if not isinstance(entries, list):
        raise KubeconfigError(f"{section} is no list")
    return {entry["name"]: entry for entry in entries if isinstance(entry, dict) and "name" in entry}


def _inside(document: Mapping[str, Any], section: str, name: str) -> dict[str, Any]:
    """What the named entry holds: `cluster`, `user` or `context`; empty when there is none."""
    found = _named(document, section).get(name, {}).get(SECTIONS[section])
    return found if isinstance(found, dict) else {}


def _without_its_text(error: Exception) -> str:
    """PyYAML quotes the line that it did not understand, and lines of this file hold keys."""
    mark = getattr(error, "problem_mark", None)
    if not isinstance(error, yaml.YAMLError):
        return str(error)
    return f"no YAML (line {mark.line + 1})" if mark else "no YAML"


def _require_only(before: dict[str, Any], after: dict[str, Any], wanted: dict[str, dict[str, Any]]) -> None:
    """The edited text must hold ours, and otherwise exactly what it held."""
    for section, entry in wanted.items():
        if _named(after, section) != _named(before, section) | {entry["name"]: entry}:
            raise KubeconfigError(f"{section} cannot be edited in place; put it in block style, one entry an item")
    if _rest(before) != _rest(after):
        raise KubeconfigError("it cannot be edited in place")


def _rest(document: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_outside(document))


def _outside(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if key not in SECTIONS and key != "current-context":
            yield key, value
