"""Advice as lines. Apart from the words of reports: an error of the command line needs not what those import."""

from collections.abc import Iterator


def advised(advice: str) -> Iterator[str]:
    """`next: ` and the first line, the others below it: commands to type can be copied in one go."""
    for number, line in enumerate(advice.strip().splitlines()):
        yield f"      {line}" if number else f"next: {line}"
