"""What happens while a bundle is made, as values for whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class PartStarted:
    """A part is being made; it is the `position`th of `total`."""

    name: str
    position: int
    total: int


@dataclass(frozen=True)
class PartProgress:
    """A sign of life of a part under way."""

    name: str
    note: str


@dataclass(frozen=True)
class PartReady:
    """A part is made, or was found in the cache."""

    name: str
    seconds: float
    cached: bool


@dataclass(frozen=True)
class Note:
    """Something the person should know, such as what is installed on this machine."""

    text: str


Event: TypeAlias = PartStarted | PartProgress | PartReady | Note
Observer: TypeAlias = Callable[[Event], None]
Tell: TypeAlias = Callable[[str], None]


def silent(_event: Event) -> None:
    """An observer that shows nothing."""
