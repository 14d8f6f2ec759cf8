"""Merging one cluster's admin access into a kubeconfig that somebody else wrote: every other byte of it stays.

Format: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ (checked 2026-11): lists of named clusters,
users and contexts. The text is edited in place at the marks that the YAML parser gives, then read again and compared
with what was meant, so that an unusual file is refused rather than damaged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bootstrap.model.yaml_edit import EditError, with_entry, with_scalar

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
        whole = {"apiVersion": "v1", "kind": "Config", "current-context": self.name}
        return yaml.safe_dump(whole | {section: [entry] for section, entry in self.entries().items()}, sort_keys=False)


def merged(present: str, access: Access, *, use: bool = False) -> str:
    """`present` with this access added or replaced, and nothing else touched.

    It becomes the current context when there is none, or with `use`. Raises KubeconfigError.
    """
    if not present.strip():
        return access.document()
    document = _parsed(present)
    wanted = access.entries()
    text = present if present.endswith("\n") else present + "\n"
    try:
        for section, entry in wanted.items():
            if _named(document, section).get(entry["name"]) != entry:
                text = with_entry(text, section, entry)
        if use or not document.get("current-context"):
            text = with_scalar(text, "current-context", access.name)
    except (EditError, yaml.YAMLError) as error:
        raise KubeconfigError(str(error)) from error
    _require_only(document, _parsed(text), wanted)
    return present if text == present + "\n" else text


def foreign(present: str, access: Access) -> str:
    """Why an entry of our name seems another cluster's: other server and other CA. Empty: it is ours or absent."""
    entry = _named(_parsed(present), "clusters").get(access.name, {}).get("cluster")
    if not entry:
        return ""
    ca, server = "certificate-authority-data", "server"
    if entry.get(ca) == access.cluster.get(ca) or entry.get(server) == access.cluster.get(server):
        return ""
    return f"the cluster {access.name!r} there is {entry.get(server)}, ours is {access.cluster.get(server)}"


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise KubeconfigError(f"no YAML: {error}") from error
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
