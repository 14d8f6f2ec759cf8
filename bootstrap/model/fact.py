"""A fact: a read-only shell script and the parser of what it prints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bootstrap.model.answer import Absent, Answer, Known, Unreadable

T = TypeVar("T")
# By which a fact's script says that the thing asked for is not there: no program that scripts call ends with it.
ABSENT_CODE = 44


@dataclass(frozen=True, slots=True)
class Output:
    """What a fact's script printed: its exit code, stdout and the end of stderr."""

    exit_code: int
    stdout: str
    stderr: str = ""


@dataclass(frozen=True)
class Fact(Generic[T]):
    """One question to one host. Equal by name and script; the name is what people read (`file-text /etc/fstab`).

    `script` is POSIX sh, run as root, read-only: it gives the same answer with / mounted read-only.
    `parse` turns the output of an exit code in `answers` into an Answer; any other exit code, and the
    deadline, is Unreadable. A parser's ValueError, KeyError, IndexError or TypeError is Unreadable too.
    """

    name: str
    script: str
    parse: Callable[[Output], Answer[T]] = field(compare=False, repr=False)
    deadline_s: float = field(default=10.0, compare=False)
    answers: frozenset[int] = field(default=frozenset({0}), compare=False)

    def read(self, output: Output) -> Answer[T]:
        """The answer that this output gives. Never raises on what a host may print."""
        if output.exit_code not in self.answers:
            last = output.stderr.strip().splitlines()[-1:] or [""]
            return Unreadable(f"{self.name}: exit code {output.exit_code} {last[0]}".rstrip())
        try:
            return self.parse(output)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            return Unreadable(f"{self.name}: {type(error).__name__}: {error}")


@dataclass(frozen=True)
class Question:
    """A fact asked of one host (by its name in the inventory, or OPERATOR)."""

    host: str
    fact: Fact[Any]


class NotAskedError(LookupError):
    """A step read a fact that its `needs` does not name: a bug in the step."""


@dataclass(frozen=True)
class Facts:
    """The answers that a decision may rest on. `facts(host, fact)` is total over what the step's `needs` named."""

    answers: Mapping[Question, Answer[Any]]

    def __call__(self, host: str, fact: Fact[T]) -> Answer[T]:
        """The answer of this host; raises NotAskedError when the question was never named."""
        try:
            return self.answers[Question(host, fact)]
        except KeyError:
            raise NotAskedError(f"{fact.name} was not asked of {host}") from None


__all__ = ["Absent", "Answer", "Fact", "Facts", "Known", "NotAskedError", "Output", "Question", "Unreadable"]
