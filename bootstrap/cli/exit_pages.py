"""What each exit code means: exit_codes.yaml beside this file, by design.md's table."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bootstrap.cli.page import Page
from bootstrap.model.safe_yaml import safe_load

ALL = "exit-codes"
_NAMED = re.compile(r"(?:exit(?:ed)?[- ]?)?(?:with[- ])?(?:code)?[- ]?(\d{1,3})")
_SOURCE = ("bootstrap/model/exit_code.py", "bootstrap/run/exit_codes.py")


@cache
def exit_codes() -> Mapping[int, Mapping[str, Any]]:
    """Every code in order: `short`, `means`, `why`, `type`."""
    return dict(safe_load(files("bootstrap.cli").joinpath("exit_codes.yaml").read_text(encoding="utf-8")))


def exit_names() -> tuple[str, ...]:
    """The words that open these pages."""
    return (ALL, *(f"exit-{code}" for code in exit_codes()))


def exit_page(name: str) -> Page | None:
    """The page of `exit-codes`, or of one, as `8`, `exit-8`, `exit code 8`; None when that is none."""
    if name.lower().replace(" ", "-") in {ALL, "exit-code"}:
        return _all()
    named = _NAMED.fullmatch(name.lower().strip())
    if named is None or int(named[1]) not in exit_codes():
        return None
    code = int(named[1])
    told = exit_codes()[code]
    does = "Ends with the code of what is worst for who goes on: `kboot explain exit-codes` has them all."
    heading = f"exit code {code}: {told['short']}"
    return Page(f"exit-{code}", "exit", heading, told["means"], told["why"], does, tuple(told["type"]), _SOURCE)


def _all() -> Page:
    return Page(
        ALL,
        "exit",
        "exit codes: what a finished command tells the shell",
        means="0 is well, 10 is well and something is pending; every other code says what kind of trouble ended it.",
        why="A script must know whether to go on, to try again, or to call somebody.",
        does="Ends with one of them, also with -o json, whose document has it as exitCode. What `kubectl`, `ssh`, "
        "`lab ssh` and `lab exec` start ends with codes of its own, which they pass on.",
        type=("kboot explain 8", "echo $?"),
        source=_SOURCE,
        facts=tuple((str(code), (told["short"],)) for code, told in exit_codes().items()),
    )
