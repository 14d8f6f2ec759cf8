"""What a step decides from facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from bootstrap.model.action import Action
from bootstrap.model.codes import Code


@dataclass(frozen=True, slots=True)
class Satisfied:
    """The state of the world that the step names holds.

    `note` says how, for those who ask (-v). `remark` is what the admin must know all the same, one thing a line: every
    summary, plan and status shows it.
    """

    note: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """These actions, in this order, bring the state about."""

    summary: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing to do but wait: `on` says for what, in words for a person."""

    on: str


@dataclass(frozen=True, slots=True)
class Later:
    """The step named `after` must act first; then facts exist to decide on."""

    after: str
    summary: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """kboot must not or cannot: the problem, its stable code, and what the admin can type."""

    code: Code
    problem: str
    advice: str


Decision: TypeAlias = Satisfied | Change | Waiting | Later | Blocked


def strongest(decisions: Iterable[Decision]) -> Decision:
    """One decision of several about the same state: Blocked before Later before Waiting before Change before Satisfied.

    Changes are joined in order, notes, remarks and waits are listed, so a step may decide file by file.
    """
    made = list(decisions)
    for kind in (Blocked, Later):
        if first := next((one for one in made if isinstance(one, kind)), None):
            return first
    if waits := [one.on for one in made if isinstance(one, Waiting)]:
        return Waiting("; ".join(waits))
    if changes := [one for one in made if isinstance(one, Change)]:
        return Change("; ".join(one.summary for one in changes), tuple(a for one in changes for a in one.actions))
    held = [one for one in made if isinstance(one, Satisfied)]
    notes, remarks = (one.note for one in held if one.note), (one.remark for one in held if one.remark)
    return Satisfied("; ".join(notes), "\n".join(remarks))
