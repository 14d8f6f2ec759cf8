"""What a rule finds wrong in an inventory whose fields are each well-formed."""

from dataclasses import dataclass
from typing import TypeAlias

from bootstrap.model.codes import Code

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule at `path` (as the file spells it). `among` are further values that it rests on."""

    path: Path
    code: Code
    rule: str
    hint: str = ""
    among: tuple[Path, ...] = ()
    at_key: bool = False
