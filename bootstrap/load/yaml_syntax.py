"""What is wrong where text is not YAML, in words for a person: a tab is a tab, an invisible space has its name."""

import re
import unicodedata

import yaml

from bootstrap.load.error import LONGEST, InputError, Place
from bootstrap.load.source import Source
from bootstrap.model.codes import Code

# A line that begins as a person typed it in an editor for prose: the odd character, and what YAML wants in its place.
_SPACE = r"[^\S \t\n]|[\u00ad\u200b-\u200d\u2060\ufeff]"
_LOOK_ALIKES = (
    (re.compile(rf"[ -]*(?:[\w.]+:)?(?P<odd>{_SPACE})"), "a space"),
    (re.compile(r" *(?P<odd>[\u2010-\u2015\u2212])(?= )"), 'a "-"'),
    (re.compile(r"[ -]*[\w.]+(?P<odd>[\ufe55\uff1a])"), 'a ":"'),
)
_NO_SPACE = re.compile(r"[\s-]*[\w.]+:(?![\s/]|$)")
_BY_PROBLEM = (
    ("escape", "between double quotes \\ begins an escape: take single quotes"),
    ("hexdecimal", "between double quotes \\ begins an escape: take single quotes"),
    ("alphabetic or numeric", "a value that begins with * or & needs quotes"),
    ("document start", "a file of kboot's begins with `apiVersion: kboot/v1`"),
)
_BY_LINE = (
    (_NO_SPACE.pattern, "a colon wants a space after it"),
    (r"\s*-\w", "a - wants a space after it"),
    (r"[\s-]*(?:[\w.]+:\s+|-\s+)([@`%*&!|>?\[{,])", "a value that begins with {} needs quotes"),
    (r".*(:\S+.*:\s|: .*:( |$))", "a value that holds a colon and a space, or ends with a colon, needs quotes"),
)
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)")


def syntax_error(source: Source, error: yaml.MarkedYAMLError) -> InputError:
    """The place and the likely mend of a parser's complaint."""
    lines = source.text.split("\n")
    mark = error.problem_mark or error.context_mark
    if error.context == "while scanning a simple key" and error.context_mark:
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if line >= len(lines):  # the end of the text, which libyaml counts as a line of its own
        line, column = len(lines) - 1, len(lines[-1])
    place, rule, hint = _seen(lines, line, column) or _complaint(error, lines, line, column)
    return InputError(source.file, place, Code.YAML_SYNTAX, rule, hint)


def _seen(lines: list[str], line: int, column: int) -> tuple[Place, str, str] | None:
    """What a person sees at once, or cannot see at all, near the place where the parser gave up."""
    for number, text in enumerate(lines):
        if _CONFLICT.match(text):
            return Place(number + 1), "a merge conflict was left here", "keep one side and delete the three markers"
    if (tab := _indenting_tab(lines, line)) is not None:
        return Place(*tab), "a tab indents this line", "YAML wants spaces: replace the tab, two spaces a level"
    if lines[line][column : column + 1] == "\t":
        return Place(line + 1, column + 1), "a tab stands here", "YAML wants spaces: replace the tab"
    for number in range(line, max(-1, line - 2), -1):
        for pattern, plain in _LOOK_ALIKES:
            if match := pattern.match(lines[number]):
                rule = f"{named(match['odd'])} stands where YAML wants {plain}"
                return Place(number + 1, match.start("odd") + 1), rule, f"replace it by {plain}"
    return None


def odd_space(text: str) -> str:
    """What looks like a space at the text's beginning, or like nothing, and is none to YAML; empty without."""
    match = re.match(_SPACE, text)
    return match[0] if match else ""


def named(character: str) -> str:
    """A character by its name: its looks, if it has any, may be those of another one."""
    return f"{unicodedata.name(character, 'a character').lower()} (U+{ord(character):04X})"


def _complaint(error: yaml.MarkedYAMLError, lines: list[str], line: int, column: int) -> tuple[Place, str, str]:
    """The parser's own words, with the mend that is likely."""
    opened, context = error.context_mark, error.context or ""
    problem = error.problem or context
    rule, place = f"is not YAML: {problem}", Place(line + 1, column + 1)
    if opened and context == "while scanning a quoted scalar" and not any(word in problem for word, _ in _BY_PROBLEM):
        return Place(opened.line + 1, opened.column + 1), "this quote is never closed", "close it"
    if opened and "flow" in context:
        bracket = f"the bracket of line {opened.line + 1}, column {opened.column + 1}"
        missing = f"is a comma missing before it, or {bracket} not closed?"
        return place, rule, missing if "expected ','" in problem else f"is {bracket} closed?"
    if line and (match := _NO_SPACE.match(lines[line - 1])):
        return Place(line, match.end()), rule, "a colon wants a space after it"
    return place, rule, _likely(lines[line][:LONGEST], problem)


def _indenting_tab(lines: list[str], upto: int) -> tuple[int, int] | None:
    """The tab in an indentation that is nearest before the place where the parser gave up."""
    for number in range(min(upto, len(lines) - 1), max(-1, upto - 3), -1):
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip(" \t"))]
        if "\t" in indent and lines[number].strip():
            return number + 1, indent.index("\t") + 1
    return None


def _likely(text: str, problem: str) -> str:
    """The mend that this line, or the parser's word for what is wrong in it, calls for."""
    for pattern, hint in _BY_PROBLEM:
        if pattern in problem:
            return hint
    for pattern, hint in _BY_LINE:
        if match := re.match(pattern, text):
            return hint.format(*match.groups())
    return "look at this line's indentation and the end of the line before it"
