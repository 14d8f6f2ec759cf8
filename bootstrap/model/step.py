"""A step: a pure function from facts to a decision. Only the runner acts."""

import re
from abc import ABC, abstractmethod
from typing import ClassVar

from bootstrap.model.decision import Decision
from bootstrap.model.fact import Facts, Question
from bootstrap.model.target import Target


class Step(ABC):
    """A state of the world and how to bring it about.

    The class name is the word in the playbook (`WorkerJoined` is `worker-joined`). `follows` names the steps that must
    hold before this one is decided, where the playbook has them. `settle_s` bounds the wait for the state after acting,
    and for `Waiting`.
    """

    follows: ClassVar[tuple[str, ...]] = ()
    settle_s: ClassVar[float] = 60.0
    can_act: ClassVar[bool] = True

    @classmethod
    def name(cls) -> str:
        """The kebab-case word of the class name."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    @abstractmethod
    def needs(self, target: Target) -> tuple[Question, ...]:
        """Every question that `decide` may read, for this target; known without any answer."""

    @abstractmethod
    def decide(self, target: Target, facts: Facts) -> Decision:
        """What these facts mean for the state. Pure, total: no fact makes it raise."""


class Check(Step):
    """A preflight check: a step that cannot act. Its decisions are Satisfied, Waiting or Blocked."""

    can_act: ClassVar[bool] = False
