"""What is wrong in a file that a person wrote, with its place and its mend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode

# As many as a person mends before looking again.
SHOWN = 40
# As much as a terminal shows of one mistake without hiding the others.
LONGEST = 400
# As many names as a person reads to find the one that was meant.
NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class InputError:
    """One mistake: the rule that it breaks, and the mend in `hint`. Without a place it is about the file as a whole."""

    file: str
    place: Place | None
    code: Code
    rule: str
    hint: str = ""

    def __post_init__(self) -> None:
        """What the file holds is shown on one line of bearable length, and moves no cursor."""
        for words in ("rule", "hint"):
            object.__setattr__(self, words, _shown(getattr(self, words)))

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}" + (f" ({self.hint})" if self.hint else "")

    def record(self) -> Mapping[str, object]:
        """For a program; a mistake without a place has neither line nor column."""
        line, column = (self.place.line, self.place.column) if self.place else (None, None)
        told = {"file": self.file, "line": line, "column": column}
        return told | {"code": str(self.code), "rule": self.rule, "hint": self.hint}

    @property
    def where(self) -> str:
        """file:line:column, or the file alone."""
        return f"{self.file}:{self.place.line}:{self.place.column}" if self.place else self.file


class InvalidInput(KbootError):
    """Mistakes in input files, in the order of their places; exit code 3."""

    def __init__(self, *errors: InputError) -> None:
        self.errors = tuple(sorted(set(errors), key=lambda error: (error.file, error.place or Place(), error.rule)))
        first = self.errors[0]
        several = len(self.errors) > 1
        super().__init__(
            first.code,
            f"{len(self.errors)} mistakes in {first.file}" if several else first.rule,
            where=first.file if several else first.where,
            evidence=_listed(self.errors) if several else "",
            advice="mend these lines and run the same command again; no host was contacted" if several else first.hint,
            exit_code=ExitCode.INVALID_INPUT,
        )

    def details(self) -> Mapping[str, object]:
        """Every mistake by itself."""
        return {"mistakes": [error.record() for error in self.errors]}


def _listed(errors: Sequence[InputError]) -> str:
    lines = [f"{error} [{error.code}]" for error in errors[:SHOWN]]
    return "\n".join(lines + [f"... and {len(errors) - SHOWN} more"] * (len(errors) > SHOWN))


def did_you_mean(word: str, known: Sequence[str], listed: str = "") -> str:
    """`did you mean "x"?` for the nearest known word, else the list of them; a long one stands where `listed` says."""
    if near := nearest(word, known):
        return near
    if len(known) > NAMES_SHOWN:
        return f"none of the {len(known)} names known here is near" + (f"; {listed}" if listed else "")
    return f"known here: {', '.join(known)}" if known else ""


def nearest(word: str, known: Sequence[str]) -> str:
    """`did you mean "x"?`; empty when nothing is near. Letter case, - and _ do not count."""
    plain = {_plain(name): name for name in known}
    near = get_close_matches(_plain(word), plain, n=1, cutoff=0.6)
    return f'did you mean "{plain[near[0]]}"?' if near else ""


def _shown(text: str) -> str:
    """Control and invisible characters as escapes; the middle of a long text left out."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} ... {text[-LONGEST // 4 :]}"
    return text if text.isprintable() else "".join(one if one.isprintable() else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()


def _plain(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "")
