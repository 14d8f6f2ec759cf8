"""An error's four parts as lines for a person and as a document for a program."""

from bootstrap.model.error import KbootError
from bootstrap.show.advice import advised
from bootstrap.show.document import Record, document
from bootstrap.show.started import as_typed

_INDENT = "  "


def lines(error: KbootError) -> str:
    """What failed, where, the evidence, what to do next, and how to read more.

    >>> print(lines(KbootError(Code.UNREACHABLE, "connection refused", where="w1")))
    kboot: KB1101 w1: connection refused
      more: kboot explain KB1101
    """
    head = f"kboot: {error.code} {error.where}: " if error.where else f"kboot: {error.code} "
    said = [head + error.problem]
    said += [f"{_INDENT}| {line}" for line in error.evidence.strip().splitlines()]
    said += [f"{_INDENT}{line}" for line in advised(error.advice)]
    said.append(f"{_INDENT}more: kboot explain {error.code}")
    return as_typed("\n".join(said))


def error_document(error: KbootError) -> Record:
    """The same parts, and what this kind of error has beside them."""
    return document(
        "Error",
        code=str(error.code),
        where=error.where,
        problem=error.problem,
        evidence=error.evidence,
        advice=error.advice,
        exitCode=int(error.exit_code),
        **error.details(),
    )


def usage_document(problem: str, advice: str, exit_code: int) -> Record:
    """The same for a mistake on the command line, which has no code."""
    return document("Error", code=None, where="", problem=problem, evidence="", advice=advice, exitCode=exit_code)
