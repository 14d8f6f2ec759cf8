"""What is wrong where text is not YAML, in words for a person: a tab is called a tab."""

import re

import yaml

from bootstrap.load.error import InputError, Place
from bootstrap.load.source import Source
from bootstrap.model.codes import Code


def syntax_error(source: Source, error: yaml.MarkedYAMLError) -> InputError:
    """The place and the likely mend of a parser's complaint."""
    lines = source.text.split("\n")
    mark = error.problem_mark or error.context_mark
    if error.context == "while scanning a quoted scalar" and error.context_mark:
        rule, mark = "this quote is never closed", error.context_mark
        return InputError(source.file, Place(mark.line + 1, mark.column + 1), Code.YAML_SYNTAX, rule, "close it")
    if error.context == "while scanning a simple key" and error.context_mark:
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if line >= len(lines):  # the end of the text, which libyaml counts as a line of its own
        line, column = len(lines) - 1, len(lines[-1])
    if (tab := _indenting_tab(lines, line)) is not None:
        rule, hint = "a tab indents this line", "YAML wants spaces: replace the tab, two spaces a level"
        return InputError(source.file, Place(*tab), Code.YAML_SYNTAX, rule, hint)
    rule = f"is not YAML: {error.problem or error.context}"
    hint = _likely(lines, line)
    if error.context_mark and "flow" in (error.context or ""):
        opened = error.context_mark
        hint = f"is the bracket of line {opened.line + 1}, column {opened.column + 1} closed?"
    return InputError(source.file, Place(line + 1, column + 1), Code.YAML_SYNTAX, rule, hint)


def _indenting_tab(lines: list[str], upto: int) -> tuple[int, int] | None:
    """The tab in an indentation that is nearest before the place where the parser gave up."""
    for number in range(min(upto, len(lines) - 1), max(-1, upto - 3), -1):
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip(" \t"))]
        if "\t" in indent and lines[number].strip():
            return number + 1, indent.index("\t") + 1
    return None


def _likely(lines: list[str], line: int) -> str:
    text = lines[line] if line < len(lines) else ""
    if re.match(r"[\s-]*[\w.]+:\S", text):
        return "a colon wants a space after it"
    if re.search(r":\S+.*:\s", text) or re.search(r": .*: ", text):
        return "a value that holds a colon and a space needs quotes"
    return "look at this line's indentation and the end of the line before it"
