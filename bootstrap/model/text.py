"""Text that may hold secrets: it prints masked, and only `perform` resolves it."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from typing import TypeAlias

MASK = "•••"
_PLAIN = frozenset({str, int, float, bool, bytes, type(None)})  # most of what there is: not worth a second look


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


def secrets_within(value: object) -> Iterator[Secret]:
    """Every Secret in a value: itself, or in the fields, items, keys and values of what it is made of."""
    rest = [value]
    while rest:
        one = rest.pop()
        kind = type(one)
        if isinstance(one, Secret):
            yield one
        elif kind in _PLAIN:
            continue
        elif is_dataclass(kind):
            rest.extend([getattr(one, name) for name in kind.__dataclass_fields__])
        elif isinstance(one, Mapping):
            rest.extend((*one.keys(), *one.values()))
        elif isinstance(one, Collection) and not isinstance(one, str | bytes | type):
            rest.extend(one)


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
