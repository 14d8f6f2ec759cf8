"""The pages of `kboot explain`: all of a step's page comes from the step itself, so it cannot be out of date."""

import inspect
import re
import sys
from functools import cache

from bootstrap.cli.code_pages import code_page, codes_in, explanation
from bootstrap.cli.error_pages import error_pages
from bootstrap.cli.exit_pages import exit_codes, exit_names, exit_page
from bootstrap.cli.page import Page
from bootstrap.cli.searching import Entry
from bootstrap.load.playbook import load_playbook
from bootstrap.load.shipped import shipped_playbooks
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.step import Step
from bootstrap.steps import REGISTRY

# How docstrings name their sources: an address without its scheme, a manual page, a path in Kubernetes or here.
_SOURCE = re.compile(
    r"(?:[a-z0-9-]+\.)+(?:io|org|com|dev)/[\w./#-]*\w|[\w.-]+\(\d\)|\bcmd/[\w./-]+|[\w/]+\.py|Documentation/[\w.-]+\.md"
)


def step_names() -> tuple[str, ...]:
    """Every registered step."""
    return tuple(step.name() for step in REGISTRY)


def names() -> tuple[str, ...]:
    """Every word that opens a page."""
    return (*step_names(), *(one.page.name for one in error_pages()), *exit_names(), *map(str, Code))


def contents() -> str:
    """Every step with the first line of its page, every error text, every exit code, every code."""
    steps = "\n".join(f"  {step.name():<28} {_paragraphs(step)[0]}" for step in REGISTRY)
    errors = "\n".join(f"  {one.page.name:<28} {one.texts[0]}" for one in error_pages())
    exits = "\n".join(f"  {code:<4} {told['short']}" for code, told in exit_codes().items())
    codes = "\n".join(f"  {code}  {code.name.lower().replace('_', ' ')}" for code in Code)
    texts = f"Error texts (a whole line pasted in quotes finds its page)\n{errors}"
    return f"Steps\n{steps}\n\n{texts}\n\nExit codes (exit-codes, or the number)\n{exits}\n\nCodes\n{codes}"


def page(name: str) -> Page | None:
    """The page that this very word opens; None when there is none."""
    if name.upper() in set(Code):
        code = Code(name.upper())
        return code_page(code, tuple(step.name() for step in REGISTRY if code in _codes(step)))
    written = next((one.page for one in error_pages() if one.page.name == name.lower()), None)
    return written or exit_page(name) or _of_step(name.lower())


def headline(name: str) -> str:
    """One line about the page of that name."""
    shown = page(name)
    if shown is None:
        return ""
    return shown.heading.partition(": ")[2] if shown.kind in {"error", "exit"} else shown.means


def entries() -> tuple[Entry, ...]:
    """All that a search looks through; what people paste comes before kboot's own words.

    Exit codes are found by their number alone: in a pasted line they are another program's.
    """
    errors = (Entry(one.page.name, one.texts, one.words, _all(one.page)) for one in error_pages())
    steps = (Entry(step.name(), (step.name(),), body=" ".join(_paragraphs(step))) for step in REGISTRY)
    codes = (Entry(str(code), (str(code),), (code.name.replace("_", " "),), explanation(code)) for code in Code)
    return (*errors, *steps, *codes)


def _all(shown: Page) -> str:
    return " ".join((shown.means, shown.why, shown.does))


def _of_step(name: str) -> Page | None:
    step = next((one for one in REGISTRY if one.name() == name), None)
    if step is None:
        return None
    first, *rest = _paragraphs(step)
    facts = (
        ("stands in", _playbooks(name)),
        ("follows", step.follows),
        ("acts", ("yes" if step.can_act else "no, it only looks",)),
        ("waits", (f"up to {step.settle_s:.0f} s for what it brings about",)),
        ("may end with", tuple(f"{code} ({code.name.lower().replace('_', ' ')})" for code in _codes(step))),
    )
    return Page(name, "step", name, first, " ".join(rest), _does(step), _type(step), _sources(step, rest), facts)


def _does(step: Step) -> str:
    after = f" It comes after {', '.join(step.follows)}." if step.follows else ""
    if not step.can_act:
        return (
            f"Looks, and changes nothing: where it is not so, it waits up to {step.settle_s:.0f} s or says why.{after}"
        )
    return f"Asks each host, changes only what is not so, and asks again for up to {step.settle_s:.0f} s.{after}"


def _type(step: Step) -> tuple[str, ...]:
    name = step.name()
    look = f"kboot plan up --only {name}"
    return (look, f"kboot up --only {name}" if step.can_act else f"kboot plan up --skip {name}", "kboot status")


def _sources(step: Step, paragraphs: list[str]) -> tuple[str, ...]:
    """What its words name, and its own file."""
    named = _SOURCE.findall(re.sub(r"/ (?=[a-z])", "/", " ".join(paragraphs)))
    module = type(step).__module__.replace(".", "/") + ".py"
    return tuple(dict.fromkeys((*named, module)))


def _paragraphs(step: Step) -> tuple[str, ...]:
    doc = inspect.getdoc(type(step)) or "No words yet."
    return tuple(" ".join(paragraph.split()) for paragraph in doc.split("\n\n"))


@cache
def _codes(step: Step) -> tuple[Code, ...]:
    """The codes that the step's own file names."""
    return codes_in(inspect.getsource(sys.modules[type(step).__module__]))


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
