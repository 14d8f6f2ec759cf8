"""What each error code means: codes.yaml beside this file, a paragraph per code; areas.yaml says what they share."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from bootstrap.cli.page import Page
from bootstrap.model.codes import Code
from bootstrap.model.safe_yaml import safe_load

# A sentence ends at its stop, not at one inside a name, a number or an abbreviation.
_FIRST_SENTENCE = re.compile(r"(?s)(.+?[.:;])(?<!e\.g\.) (?=[A-Z`])(.*)")
_NAMED = re.compile(r"\bCode\.([A-Z_0-9]+)")
_COMMAND = re.compile(r"`((?:kboot|dpkg|kubeadm) [^`]+)`|(ssh-keygen -R HOST)")


def explanation(code: Code) -> str:
    """The paragraph of this code; empty when nobody wrote one."""
    return " ".join(explanations().get(code, "").split())


@cache
def explanations() -> dict[str, str]:
    """Every paragraph that is written, by code."""
    return {str(code): str(words) for code, words in _read("codes.yaml").items()}


@cache
def areas() -> dict[str, dict[str, Any]]:
    """What is so for every code of an area, by its first four characters."""
    return dict(_read("areas.yaml"))


def code_page(code: Code, said_by: tuple[str, ...]) -> Page:
    """The page of a code; `said_by` are the steps whose files name it."""
    area = areas()[code[:4]]
    first = _FIRST_SENTENCE.fullmatch(explanation(code))
    means, why = (first[1], first[2]) if first else (explanation(code), str(area["why"]))
    own = tuple(dict.fromkeys(typed or bare for typed, bare in _COMMAND.findall(explanation(code))))
    steps = tuple(f"kboot plan up --only {step}" for step in said_by[:1])
    return Page(
        str(code),
        "code",
        f"{code} ({area['name']})",
        means,
        why,
        " ".join(str(area["does"]).split()),
        type=tuple(dict.fromkeys((*own, *(steps or tuple(area["type"]))))),
        source=raised_in(code) or ("bootstrap/model/codes.py",),
        facts=(("said by", said_by), ("name", (code.name.lower().replace("_", " "),))),
    )


def codes_in(source: str) -> tuple[Code, ...]:
    """The codes that a file of this package names, each once, in its order."""
    return tuple(Code[name] for name in dict.fromkeys(_NAMED.findall(source)) if name in Code.__members__)


def raised_in(code: Code) -> tuple[str, ...]:
    """The files of this package that name the code, by their path in the repository."""
    return tuple(path for path, codes in _named_in_files() if code.name in codes)


@cache
def _named_in_files() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(sorted((path, frozenset(_NAMED.findall(text))) for path, text in _sources(files("bootstrap"))))


def _sources(folder: Traversable, at: str = "bootstrap") -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        path = f"{at}/{entry.name}"
        if entry.is_dir():
            yield from _sources(entry, path)
        elif entry.name.endswith(".py"):
            yield path, entry.read_text(encoding="utf-8")


def _read(name: str) -> dict[str, Any]:
    return safe_load(files("bootstrap.cli").joinpath(name).read_text(encoding="utf-8")) or {}
