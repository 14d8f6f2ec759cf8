"""What a host answered to a question: a value, its absence, or that it could not be read."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Known(Generic[T_co]):
    """The question was answered with a value."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Absent:
    """The thing asked for is not there, and the host said so."""

    why: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The question could not be answered (deadline, error, unreadable output); never taken for Absent."""

    why: str


Answer: TypeAlias = Known[T] | Absent | Unreadable
