"""An addon's objects in the cluster: shared by flannel-running and metrics-server-running."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied
from bootstrap.model.fact import Facts
from bootstrap.model.target import Addon, Target
from bootstrap.model.text import sha256_hex, text
from bootstrap.steps.kubectl import addon_objects, applied, cluster_objects
from bootstrap.steps.quantity import same_quantity
from bootstrap.steps.unread import unread

DIGEST = "kboot.dev/digest"


def in_place(target: Target, facts: Facts, name: str, workload: Ref) -> Decision:
    """Every object of the addon is in the cluster as it is wanted, field by field; what others added to it stays.

    Where the inventory does not want it (any more), its `workload` that kboot once made is remarked on and stays.
    """
    addon = target.wanted.addon(name)
    found = facts(target.asked, cluster_objects(target.wanted))
    if waiting := unread(found):
        return waiting
    live = getattr(found, "value", None)
    if addon is None:
        return _unwanted(name, name in target.inventory.cluster.addons, (live or {}).get(workload, {}))
    if live is None:
        return Later("control-plane-initialised", f"{name} {addon.version}")
    wanted = stamped(addon)
    differing = [item for item in wanted if not holds(item, _live(live, Ref.of(item)))]
    if not differing:
        return Satisfied(f"{name} {addon.version}")
    # All of them and in the manifest's order: namespaces and definitions come before what lives in them.
    manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": wanted}, indent=1)
    names = ", ".join(f"{item['kind']} {item['metadata']['name']}" for item in differing[:3])
    more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
    return Change(f"apply {name} {addon.version} ({names}{more})", (applied(text(manifest, "\n")),))


def stamped(addon: Addon) -> list[Json]:
    """The addon's objects, each with the digest of them all: an older version differs in every object."""
    digest = sha256_hex(addon.objects)
    items = addon_objects(addon.objects)
    return [{**item, "metadata": _with_digest(item["metadata"], digest)} for item in items]


def _with_digest(metadata: Json, digest: str) -> Json:
    return {**metadata, "annotations": {**(metadata.get("annotations") or {}), DIGEST: digest}}


def holds(wanted: Any, live: Any) -> bool:
    """Whether the live object has every field that we set, as we set it; fields beside ours do not matter.

    The API server drops what is empty and writes quantities in its own form (0.1 -> 100m).
    """
    if isinstance(wanted, Mapping):
        inside = live if isinstance(live, Mapping) else {}
        return all(holds(value, inside.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list):
        inner = live if isinstance(live, list) else []
        return len(wanted) == len(inner) and all(holds(mine, its) for mine, its in zip(wanted, inner, strict=True))
    if wanted in (None, ""):
        return live in (None, "")
    if wanted is False or wanted == 0:
        return not live
    return bool(wanted == live) or same_quantity(str(wanted), str(live))


def _live(objects: Mapping[Ref, Json], ref: Ref) -> Json | None:
    """A namespaced object without a namespace is in `default`."""
    return objects.get(ref) or objects.get(replace(ref, namespace="default"))


def _unwanted(name: str, asked_for: bool, workload: Json) -> Decision:
    if asked_for:
        return Blocked(Code.ADDON_MISSING, f"the addon {name} was not loaded", "This is a bug in kboot.")
    ours = DIGEST in workload.get("metadata", {}).get("annotations", {})
    left = f"addon {name} is not in the inventory any more; it stays in the cluster, for kboot removes nothing"
    return Satisfied(f"the inventory does not want {name}", left if ours else "")
