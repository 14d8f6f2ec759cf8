"""Edits of a YAML text at the marks of its nodes: all bytes outside the edited node stay as they are."""

import json
import textwrap
from collections.abc import Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


class EditError(ValueError):
    """This text cannot be edited so."""


def with_entry(text: str, section: str, entry: Mapping[str, Any]) -> str:
    """The text with `entry` in the list `section` (made when missing), in place of the one of the same `name`."""
    root = _root(text)
    value = _value(root, section)
    if value is None:
        return _with_key(text, root, section, [entry])
    if not isinstance(value, SequenceNode):
        if isinstance(value, ScalarNode) and value.tag.endswith(":null"):
            return _with_value(text, value, [entry], flow=bool(root.flow_style))
        raise EditError(f"{section} is no list")
    if not value.value:
        return _with_value(text, value, [entry], flow=bool(root.flow_style))
    same = [item for item in value.value if _name(item) == entry["name"]]
    if value.flow_style:
        return _in_flow(text, value, same, entry)
    return _in_block(text, value, same, entry)


def with_scalar(text: str, key: str, given: str) -> str:
    """The text with `key: given` at its top level."""
    root = _root(text)
    value = _value(root, key)
    if value is None:
        return _with_key(text, root, key, given)
    if not isinstance(value, ScalarNode):
        raise EditError(f"{key} is no plain value")
    start, end = _span(value)
    space = "" if text[start - 1] in " [{" else " "
    return text[:start] + space + json.dumps(given) + text[end:]


def _root(text: str) -> MappingNode:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, MappingNode):
        raise EditError("no mapping at its top level")
    return root


def _value(root: MappingNode, key: str) -> Node | None:
    return next((value for name, value in root.value if name.value == key), None)


def _name(item: Node) -> str | None:
    value = _value(item, "name") if isinstance(item, MappingNode) else None
    return value.value if isinstance(value, ScalarNode) else None


def _span(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _with_key(text: str, root: MappingNode, key: str, value: object) -> str:
    """A new key at the end of the top level."""
    if root.flow_style:
        end = root.end_mark.index - 1
        comma = ", " if root.value else ""
        return text[:end].rstrip() + f"{comma}{json.dumps(key)}: {json.dumps(value)}" + text[end:]
    end = _last(root) if root.value else len(text)
    end = _line_end(text, end)
    return text[:end] + yaml.safe_dump({key: value}, sort_keys=False) + text[end:]


def _with_value(text: str, node: Node, value: list[Mapping[str, Any]], *, flow: bool) -> str:
    """A list in place of an empty value."""
    start, end = _span(node)
    head, tail = text[:start].rstrip(" "), text[end:]
    if flow:
        return f"{head} {json.dumps(value)}{tail}"
    block = yaml.safe_dump(value, sort_keys=False)
    return f"{head}\n{block}{tail.lstrip(' ').removeprefix(chr(10))}"


def _in_flow(text: str, value: SequenceNode, same: list[Node], entry: Mapping[str, Any]) -> str:
    fresh = json.dumps(entry)
    if same:
        start, end = _span(same[0])
        return text[:start] + fresh + text[end:]
    end = value.value[-1].end_mark.index
    return f"{text[:end]}, {fresh}{text[end:]}"


def _in_block(text: str, value: SequenceNode, same: list[Node], entry: Mapping[str, Any]) -> str:
    dash = value.start_mark.column
    fresh = textwrap.indent(yaml.safe_dump([entry], sort_keys=False), " " * dash)
    if not same:
        end = _line_end(text, _last(value))
        return text[:end] + fresh + text[end:]
    start = text.rfind("-", 0, same[0].start_mark.index) - dash
    return text[:start] + fresh + text[_line_end(text, _last(same[0])) :]


def _last(node: Node) -> int:
    """Where the last thing inside ends: a block's own end mark is where the next token begins, comments skipped."""
    if isinstance(node, ScalarNode) or getattr(node, "flow_style", False):
        return node.end_mark.index
    children = [part for child in node.value for part in (child if isinstance(child, tuple) else (child,))]
    return _last(children[-1]) if children else node.end_mark.index


def _line_end(text: str, index: int) -> int:
    """Just behind the line break of the line that holds the last thing; a block scalar ends behind its own."""
    if index and text[index - 1] == "\n":
        return index
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1
