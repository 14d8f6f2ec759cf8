"""kubeconfig texts: our cluster's entry made of admin.conf, and merged into a file that has others. Pure."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

Json: TypeAlias = dict[str, Any]
_LISTS = ("clusters", "users", "contexts")


class NoKubeconfigError(ValueError):
    """The text is not a kubeconfig; says why."""


@dataclass(frozen=True)
class Entry:
    """One cluster with its admin, under names that no other cluster has."""

    name: str
    cluster: Json
    user: Json

    @classmethod
    def of_admin_conf(cls, admin_conf: str, name: str, server: str = "") -> "Entry":
        """What kubeadm's admin.conf holds, under our name; `server` (https://host:port) instead of its own. Raises
        NoKubeconfigError for a text that is cut or another."""
        try:
            document = yaml.safe_load(admin_conf)
            cluster, user = dict(document["clusters"][0]["cluster"]), dict(document["users"][0]["user"])
        except (yaml.YAMLError, LookupError, TypeError, ValueError) as error:
            raise NoKubeconfigError(f"admin.conf cannot be read ({type(error).__name__})") from error
        return cls(name, cluster | ({"server": server} if server else {}), user)

    def items(self) -> dict[str, Json]:
        """This entry as items of the kubeconfig's three lists."""
        admin = f"{self.name}-admin"
        return {
            "clusters": {"name": self.name, "cluster": self.cluster},
            "users": {"name": admin, "user": self.user},
            "contexts": {"name": self.name, "context": {"cluster": self.name, "user": admin}},
        }


def merged(existing: str, entry: Entry) -> str:
    """The existing kubeconfig (empty: none) with our entry in it, made current; the text itself when it has it already.

    Other clusters, users and contexts stay. The current context is only chosen when our entry is new or another:
    afterwards it is the user's choice. Raises NoKubeconfigError.
    """
    document = _document(existing)
    before = {kind: list(document.get(kind) or ()) for kind in _LISTS}
    ours = entry.items()
    after = {kind: _with(before[kind], ours[kind]) for kind in _LISTS}
    if existing and before == after:
        return existing
    whole = {**document, "apiVersion": "v1", "kind": "Config", **after, "current-context": entry.name}
    return yaml.safe_dump(whole, sort_keys=False)


def _with(items: list[Any], ours: Json) -> list[Any]:
    """The list with our item in place of the one of its name, else at its end; a namespace chosen for it stays."""
    for number, item in enumerate(items):
        if item["name"] == ours["name"]:
            kept = item.get("context", {}).get("namespace") if "context" in ours else None
            mine = {**ours, "context": {**ours["context"], "namespace": kept}} if kept else ours
            return [*items[:number], mine, *items[number + 1 :]]
    return [*items, ours]


def _document(existing: str) -> Json:
    try:
        document = yaml.safe_load(existing) or {}
        for kind in _LISTS:
            _ = [item["name"] for item in document.get(kind) or ()]
    except (yaml.YAMLError, LookupError, TypeError, AttributeError) as error:
        raise NoKubeconfigError(f"no kubeconfig ({type(error).__name__})") from error
    return dict(document)
