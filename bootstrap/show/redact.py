"""The last guard before a sink: whatever a run's secrets are, they leave no process through a screen or a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bootstrap.model.text import MASK, Secret

# A shorter value would blacken half of every line; kboot's own secrets are longer, and a sudo password is only typed.
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces every secret value, and every line of a multi-line one, by a mask."""

    values: tuple[str, ...] = ()

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> "Redactor":
        """Longest first, so that a secret that holds another one goes whole."""
        parts = {part for secret in secrets for part in (secret.value, *secret.value.splitlines())}
        return cls(tuple(sorted((part for part in parts if len(part.strip()) >= SHORTEST), key=len, reverse=True)))

    def __call__(self, text: str) -> str:
        """The text with every secret masked."""
        for value in self.values:
            text = text.replace(value, MASK)
        return text

    def document(self, value: Any) -> Any:
        """The same for everything in a JSON value: before it is encoded, for encoding may change a secret's form."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {self(key): self.document(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.document(item) for item in value]
        return value
