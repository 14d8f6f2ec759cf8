"""How each addon stands: its step's own decision, and what its workloads report, asked in one exec."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bootstrap.facts.kubectl import Json, Ref
from bootstrap.load.addon import load_addon_file
from bootstrap.load.shipped import shipped_addons
from bootstrap.model.answer import Known
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.plan import Plan
from bootstrap.model.target import Addon, Wanted
from bootstrap.show.addon_text import AddonState
from bootstrap.steps import REGISTRY
from bootstrap.steps.kubectl import addon_objects, cluster_objects

_WORKLOADS = ("Deployment", "DaemonSet", "StatefulSet")


def step_of(addon: str) -> str:
    """The step that applies the addon."""
    return f"{addon}-running"


def steps_of(addon: str) -> tuple[str, ...]:
    """The step that applies it, and those that only look and follow it: they say whether it works."""
    own = step_of(addon)
    return (own, *(step.name() for step in REGISTRY if not step.can_act and own in step.follows))


def questions(wanted: Wanted) -> tuple[Question, ...]:
    """The objects of all addons, as their steps ask for them."""
    return (Question(wanted.inventory.first_control_plane.name, cluster_objects(wanted)),)


def shipped() -> tuple[AddonState, ...]:
    """What kboot ships, where there is no inventory to ask about."""
    files = (load_addon_file(name)[1] for name in shipped_addons())
    return tuple(AddonState(one.name, one.version, one.summary, False, "unwanted") for one in files)


def states(wanted: Wanted, plan: Plan, facts: Facts) -> Iterator[AddonState]:
    """The inventory's addons in its order, then those that kboot ships and the inventory leaves out."""
    answer = facts(wanted.inventory.first_control_plane.name, cluster_objects(wanted))
    live = answer.value if isinstance(answer, Known) else {}
    decided = {one.row.step.name(): one.decision for one in plan.rows}
    why = dict(plan.fallen).get(wanted.inventory.first_control_plane.name, "")
    summaries = {one.name: one for one in shipped()}
    for addon in wanted.addons:
        summary = summaries[addon.name].summary if addon.name in summaries else ""
        state, detail = _state(addon, decided.get(step_of(addon.name)), live, why)
        yield AddonState(addon.name, addon.version, summary, True, state, detail)
    names = {addon.name for addon in wanted.addons}
    for one in summaries.values():
        if one.name not in names:
            yield replace(one, detail="not in the inventory's cluster.addons")


def _state(addon: Addon, decision: Decision | None, live: Mapping[Ref, Json], why: str) -> tuple[str, str]:
    """The word of LOOKS, and what there is to say; `why` is why nothing was decided."""
    workloads = [item for item in addon_objects(addon.objects) if item["kind"] in _WORKLOADS]
    there = [live[Ref.of(item)] for item in workloads if Ref.of(item) in live]
    match decision:
        case Satisfied():
            waiting = [words for item in there if (words := _unready(item))]
            state = ("not-ready", "; ".join(waiting)) if waiting else ("ready", "")
        case Change(summary) if there:
            running = sorted(set(_images(there)) - set(_images(workloads)))
            state = "differs", f"the cluster runs {', '.join(running)}" if running else f"edited: {summary}"
        case Change():
            state = "absent", "kboot addons apply"
        case Later():
            state = "absent", "no cluster yet"
        case Waiting(on) | Blocked(_, on):
            state = "unknown", on
        case None:
            state = "unknown", why
    return state


def _images(items: list[Json]) -> list[str]:
    return [str(one["image"]) for item in items for one in item["spec"]["template"]["spec"].get("containers", ())]


def _unready(item: Json) -> str:
    """`0 of 1 pods of Deployment metrics-server are ready`; empty when all are."""
    status = item.get("status", {})
    wanted = status.get("desiredNumberScheduled", item.get("spec", {}).get("replicas", 1))
    ready = status.get("numberReady", status.get("readyReplicas", 0))
    return "" if ready >= wanted else f"{ready} of {wanted} pods of {item['kind']} {item['metadata']['name']} are ready"
