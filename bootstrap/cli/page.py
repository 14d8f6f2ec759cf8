"""A page of `kboot explain`: what it means, why, what kboot does, what one can type, and where that is from."""

import textwrap
from dataclasses import dataclass

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Page:
    """`name` is the word that opens it; `kind` is step, code, exit or error; `facts` are what only some kinds have."""

    name: str
    kind: str
    heading: str
    means: str
    why: str
    does: str
    type: tuple[str, ...]
    source: tuple[str, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def text(self, width: int) -> str:
        """For a person, in lines of at most `width` columns; commands and sources stand whole."""
        prose = (("What it means", self.means), ("Why", self.why), ("What kboot does", self.does))
        parts = [f"{title}\n{_wrapped(words, width)}" for title, words in prose]
        parts += [
            f"{title}\n{_listed(lines)}" for title, lines in (("What you can type", self.type), ("Source", self.source))
        ]
        names = max((len(name) for name, _ in self.facts), default=0)
        parts.append("\n".join(_fact(name, ", ".join(values), names, width) for name, values in self.facts if values))
        return "\n\n".join(part for part in (self.heading, *parts) if part)

    def parts(self) -> dict[str, object]:
        """For a program; the same parts."""
        return {
            "name": self.name,
            "of": self.kind,
            "heading": self.heading,
            "means": self.means,
            "why": self.why,
            "does": self.does,
            "type": list(self.type),
            "source": list(self.source),
            "facts": {name: list(values) for name, values in self.facts if values},
        }


def _wrapped(words: str, width: int) -> str:
    return textwrap.fill(
        words, width, initial_indent=_INDENT, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False
    )


def _listed(lines: tuple[str, ...]) -> str:
    return "\n".join(_INDENT + line for line in lines)


def _fact(name: str, values: str, column: int, width: int) -> str:
    rest = _INDENT + " " * (column + 2)
    head = f"{_INDENT}{name:<{column}}  "
    return textwrap.fill(
        values, width, initial_indent=head, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
