"""A part of a bundle: what it is made from, how, and the key under which it is cached."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from bootstrap.bundle.make.progress import Tell

Lane: TypeAlias = Literal["compile", "rest"]
Maker: TypeAlias = Callable[[Path, Mapping[str, Path], Tell], None]


@dataclass(frozen=True)
class Part:
    """`make(out, inputs, tell)` fills the empty folder `out` from the folders of the parts in `needs`.

    `recipe` is everything that decides the result: equal recipes and equal needs are made once.
    The compile lane is walked one part at a time (a Go build takes every core), the rest lane beside it.
    """

    name: str
    recipe: object
    make: Maker
    needs: tuple[str, ...] = ()
    lane: Lane = "rest"


def digest_of(value: object) -> str:
    """sha256 of a value's canonical JSON; dataclasses become objects."""
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(plain.encode()).hexdigest()


def keys_of(parts: tuple[Part, ...], surroundings: object) -> dict[str, str]:
    """The cache key of every part: recipe, keys of its needs, and what surrounds the build (architecture, Go).

    Parts come after what they need; KeyError otherwise.
    """
    keys: dict[str, str] = {}
    for part in parts:
        needed = {need: keys[need] for need in part.needs}
        keys[part.name] = digest_of([part.name, part.recipe, needed, surroundings])
    return keys


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no place in a recipe")
