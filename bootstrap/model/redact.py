"""The last guard before a sink: whatever a run's secrets are, they leave no process through a screen or a file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bootstrap.model.text import MASK, Secret

# A shorter value would blacken half of every line; kboot's own secrets are longer, and a sudo password is only typed.
SHORTEST = 4
_KEY_MATERIAL = re.compile(r"[A-Za-z0-9+/=_-]{32,}")


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces every secret value by a mask; of a long text (a kubeconfig, a key) also the keys in it.

    Not every line of it: `kind: Config` and the API server's address are no secrets.
    """

    values: tuple[str, ...] = ()

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> "Redactor":
        """One that knows these."""
        return cls().knowing(secrets)

    def knowing(self, secrets: Iterable[Secret]) -> "Redactor":
        """One that knows these too. Longest first, so that a secret that holds another one goes whole."""
        found = {part for secret in secrets for part in _pieces(secret.value)}
        if found <= set(self.values):
            return self
        return Redactor(tuple(sorted(found.union(self.values), key=len, reverse=True)))

    def __call__(self, text: str) -> str:
        """The text with every secret masked."""
        for value in self.values if text else ():
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


def _pieces(value: str) -> Iterator[str]:
    whole = value.strip()
    if len(whole) >= SHORTEST:
        yield whole
    if "\n" in whole:
        yield from _KEY_MATERIAL.findall(whole)
