"""A playbook file -> Playbook: its steps are registered, and in an order in which each can hold."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path as FilePath
from typing import Literal

from pydantic import Field

from bootstrap.load.error import InputError, InvalidInput, did_you_mean
from bootstrap.load.fields import validated
from bootstrap.load.path_word import is_playbook_path
from bootstrap.load.shipped import playbooks_folder, shipped_playbooks
from bootstrap.load.source import Source, read_source
from bootstrap.load.yaml_text import Document, Path, parse
from bootstrap.model.codes import Code
from bootstrap.model.frozen import Frozen
from bootstrap.model.inventory import Name
from bootstrap.model.playbook import Phase, Playbook, Targets
from bootstrap.model.step import Step
from bootstrap.steps import REGISTRY


class PhaseText(Frozen):
    """A phase as the file says it: names of steps."""

    name: Name = Field(description="Name of the phase, once in a playbook.", examples=["host"])
    targets: Targets = Field(description="For what its steps are decided.", examples=["all"])
    steps: tuple[str, ...] = Field(
        min_length=1, description="Names of steps, in order.", examples=[["swap-off", "modules-loaded"]]
    )


class PlaybookText(Frozen):
    """A playbook as the file says it."""

    api_version: Literal["kboot/v1"] = Field(description="Format of this file.", examples=["kboot/v1"])
    kind: Literal["Playbook"] = Field(description="What this file is.", examples=["Playbook"])
    name: Name = Field(description="Name of the playbook.", examples=["mine"])
    summary: str = Field(description="One sentence: what holds at its end.", examples=["Hosts without swap."])
    phases: tuple[PhaseText, ...] = Field(
        min_length=1,
        description="Phases, in order.",
        examples=[[{"name": "host", "targets": "all", "steps": ["swap-off"]}]],
    )
    closing: tuple[PhaseText, ...] = Field(
        default=(),
        alias="finally",
        description="Tried whatever happened.",
        examples=[[{"name": "clean-up", "targets": "cluster", "steps": ["probe-gone"]}]],
    )


def load_playbook(name: str, registry: Sequence[Step] = REGISTRY) -> Playbook:
    """The shipped playbook of that name, or the one at that path (`./mine.yaml`). Raises InvalidInput."""
    if is_playbook_path(name):
        return playbook_of(read_source(name), registry)
    if name not in shipped_playbooks():
        hint = f"{did_you_mean(name, shipped_playbooks())}; one of your own is named by path: ./{name}.yaml"
        raise InvalidInput(InputError(name, None, Code.PLAYBOOK_UNKNOWN, f'there is no playbook "{name}"', hint))
    return playbook_of(read_source(playbooks_folder() / f"{name}.yaml"), registry)


def playbook_of(source: Source, registry: Sequence[Step]) -> Playbook:
    """The playbook in this text. Raises InvalidInput with all mistakes at once."""
    document = parse(source)
    if isinstance(document.value, dict) and "hosts" in document.value and "phases" not in document.value:
        rule, hint = "is an inventory, and a playbook is wanted", "an inventory is given by -i"
        raise InvalidInput(document.error(("hosts",), Code.FIELD_UNKNOWN, rule, hint, key=True))
    text = validated(document, PlaybookText)
    steps = {step.name(): step for step in registry}
    if errors := (*_repeated_phases(document, text), *_unknown(document, text, steps)):
        raise InvalidInput(*errors)
    if errors := (*_out_of_order(document, text, steps), *(() if _is_ours(source) else _ill_aimed(document, text))):
        raise InvalidInput(*errors)
    return Playbook(text.name, text.summary, _phases(text.phases, steps), _phases(text.closing, steps))


def _phases(texts: Sequence[PhaseText], steps: dict[str, Step]) -> tuple[Phase, ...]:
    return tuple(Phase(text.name, text.targets, tuple(steps[name] for name in text.steps)) for text in texts)


def _placed(text: PlaybookText) -> Iterator[tuple[Path, PhaseText]]:
    for word, phases in (("phases", text.phases), ("finally", text.closing)):
        for index, phase in enumerate(phases):
            yield (word, index), phase


def _placed_steps(text: PlaybookText) -> Iterator[tuple[Path, PhaseText, str]]:
    for path, phase in _placed(text):
        for index, name in enumerate(phase.steps):
            yield (*path, "steps", index), phase, name


def _repeated_phases(document: Document, text: PlaybookText) -> Iterator[InputError]:
    seen: set[str] = set()
    for path, phase in _placed(text):
        if phase.name in seen:
            rule = f'a phase "{phase.name}" stands above already'
            yield document.error((*path, "name"), Code.FIELD_INVALID, rule, "each phase has its own name")
        seen.add(phase.name)


def _unknown(document: Document, text: PlaybookText, steps: dict[str, Step]) -> Iterator[InputError]:
    for path, _, name in _placed_steps(text):
        if name not in steps:
            hint = did_you_mean(name, tuple(steps), "`kboot explain` lists them")
            yield document.error(path, Code.STEP_UNKNOWN, f'there is no step "{name}"', hint)


def _out_of_order(document: Document, text: PlaybookText, steps: dict[str, Step]) -> Iterator[InputError]:
    """Steps after which an earlier one should come, and steps that stand twice for one target."""
    last = _last_places(text)
    order = {path: number for number, (path, _, _) in enumerate(_placed_steps(text))}
    seen: dict[str, list[str]] = {}
    for path, phase, name in _placed_steps(text):
        for earlier in steps[name].follows:
            if earlier in last and order[last[earlier]] > order[path]:
                line = document.place(last[earlier]).line
                rule = f"{name} stands before {earlier} (line {line}), which must hold first"
                yield document.error(path, Code.STEP_ORDER, rule, f"move {name} below {earlier}")
        if any(_overlap(phase.targets, other) for other in seen.get(name, [])):
            rule = f"{name} stands above already for the same hosts"
            yield document.error(path, Code.STEP_ORDER, rule, "a step is decided once for each target")
        seen.setdefault(name, []).append(phase.targets)


def _ill_aimed(document: Document, text: PlaybookText) -> Iterator[InputError]:
    """Steps for targets for which they are not made: those that no playbook of kboot's gives them."""
    known = shipped_targets()
    for path, phase, name in _placed_steps(text):
        if name in known and not _kinds(phase.targets) <= known[name]:
            rule = f"{name} is not for the targets `{phase.targets}`"
            hint = f"for {' and '.join(sorted(known[name]))}: give it a phase with such targets"
            yield document.error(path, Code.STEP_TARGET, rule, hint)


def _is_ours(source: Source) -> bool:
    return FilePath(source.file).parent == playbooks_folder()


@cache
def shipped_targets() -> Mapping[str, frozenset[str]]:
    """For which targets each step stands in kboot's own playbooks."""
    found: dict[str, frozenset[str]] = {}
    for name in shipped_playbooks():
        text = validated(parse(read_source(playbooks_folder() / f"{name}.yaml")), PlaybookText)
        for _, phase, step in _placed_steps(text):
            found[step] = found.get(step, frozenset()) | _kinds(phase.targets)
    return found


def _last_places(text: PlaybookText) -> dict[str, Path]:
    """Where each step stands last; one that is tried again in `finally` counts where it stands before."""
    places: dict[str, Path] = {}
    for path, _, name in _placed_steps(text):
        if path[0] == "phases" or name not in places:
            places[name] = path
    return places


def _overlap(one: str, other: str) -> bool:
    """Whether two words for targets can name the same target."""
    return bool(_kinds(one) & _kinds(other))


def _kinds(targets: str) -> frozenset[str]:
    """The kinds of targets that a playbook's word names."""
    return frozenset(
        {"all": ("control-plane", "workers"), "cluster-without-workers": ("cluster",)}.get(targets, (targets,))
    )
