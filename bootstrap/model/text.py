"""Text that may hold secrets: it prints masked, and only `perform` resolves it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

MASK = "•••"


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that masks itself wherever it is printed."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return MASK


@dataclass(frozen=True, slots=True)
class SecretRef:
    """The name of a secret in the run's vault; prints as `<name>`."""

    name: str

    def __str__(self) -> str:
        return f"<{self.name}>"


Part: TypeAlias = str | Secret | SecretRef


@dataclass(frozen=True, slots=True)
class Text:
    """Parts of plain and secret text. `str(text)` is the masked form; `resolve` gives the real one."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    def resolve(self, vault: Mapping[str, Secret]) -> str:
        """The real text; raises KeyError when the vault lacks a name."""
        return "".join(_resolved(part, vault) for part in self.parts)


def text(*parts: Part) -> Text:
    """`text("token: ", SecretRef("join-token"))`."""
    return Text(parts)


def revealed(content: str | Secret) -> str:
    """The real content, for what must compare it and shows none of it."""
    return content.value if isinstance(content, Secret) else content


def sha256_hex(content: str) -> str:
    """Lower-case hex sha256 of the UTF-8 bytes."""
    return hashlib.sha256(content.encode()).hexdigest()


def _resolved(part: Part, vault: Mapping[str, Secret]) -> str:
    match part:
        case Secret(value):
            return value
        case SecretRef(name):
            return vault[name].value
        case str():
            return part
