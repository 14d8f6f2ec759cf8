"""The pages of `kboot explain`: all of a step's page comes from the step itself, so it cannot be out of date."""

import inspect
import re
import sys
from dataclasses import dataclass

from bootstrap.cli.code_pages import explanation
from bootstrap.load.playbook import load_playbook
from bootstrap.load.shipped import shipped_playbooks
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.step import Step
from bootstrap.steps import REGISTRY

_AREAS = {
    "KB00": "kboot itself", "KB10": "input", "KB11": "reaching hosts", "KB12": "the bundle", "KB13": "the lab",
    "KB14": "the run", "KB15": "this machine", "KB20": "checks", "KB21": "host", "KB22": "runtime",
    "KB23": "control plane", "KB24": "workers", "KB25": "cluster",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A heading, paragraphs, and named facts."""

    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def text(self) -> str:
        """For a person."""
        width = max((len(name) for name, _ in self.facts), default=0)
        facts = "\n".join(f"  {name:<{width}}  {', '.join(values)}" for name, values in self.facts if values)
        return "\n\n".join(part for part in (self.heading, *self.paragraphs, facts) if part)

    def document(self) -> dict[str, object]:
        """For a program."""
        facts = {name: list(values) for name, values in self.facts}
        return {"heading": self.heading, "paragraphs": list(self.paragraphs), **facts}


def step_names() -> tuple[str, ...]:
    """Every registered step."""
    return tuple(step.name() for step in REGISTRY)


def contents() -> Page:
    """Every step with the first line of its page, every code."""
    steps = "\n".join(f"  {step.name():<28} {_paragraphs(step)[0]}" for step in REGISTRY)
    codes = "\n".join(f"  {code}  {code.name.lower().replace('_', ' ')}" for code in Code)
    return Page("Steps and codes", (steps, codes))


def of_code(code: Code) -> Page:
    """What a code means, and which steps may end with it."""
    meaning = explanation(code) or code.name.lower().replace("_", " ").capitalize() + "."
    said_by = tuple(step.name() for step in REGISTRY if code in _codes(step))
    return Page(f"{code} ({_AREAS[code[:4]]})", (meaning,), (("said by", said_by),))


def of_step(name: str) -> Page | None:
    """A step's page; None when there is none of that name."""
    step = next((one for one in REGISTRY if one.name() == name), None)
    if step is None:
        return None
    facts = (
        ("stands in", _playbooks(name)),
        ("follows", step.follows),
        ("acts", ("yes" if step.can_act else "no, it only looks",)),
        ("waits", (f"up to {step.settle_s:.0f} s for what it brings about",)),
        ("may end with", tuple(f"{code} ({code.name.lower().replace('_', ' ')})" for code in _codes(step))),
    )
    return Page(name, _paragraphs(step), facts)


def _paragraphs(step: Step) -> tuple[str, ...]:
    doc = inspect.getdoc(type(step)) or "No words yet."
    return tuple(" ".join(paragraph.split()) for paragraph in doc.split("\n\n"))


def _codes(step: Step) -> tuple[Code, ...]:
    """The codes that the step's own file names."""
    source = inspect.getsource(sys.modules[type(step).__module__])
    return tuple(
        dict.fromkeys(Code[name] for name in re.findall(r"\bCode\.([A-Z_0-9]+)", source) if name in Code.__members__)
    )


def _playbooks(name: str) -> tuple[str, ...]:
    found = []
    for playbook in shipped_playbooks():
        try:
            loaded = load_playbook(playbook)
        except KbootError:
            continue
        phases = [phase.name for phase in (*loaded.phases, *loaded.closing) if name in {s.name() for s in phase.steps}]
        found += [f"{playbook} ({', '.join(phases)})"] if phases else []
    return tuple(found)
