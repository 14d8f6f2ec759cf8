"""What is wrong with a value, in words for the person who wrote it, and what to write in its place."""

import re
import unicodedata
from ipaddress import IPv4Network
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bootstrap.load.error import nearest
from bootstrap.load.kinds import bare, inside, kind_at, part_at
from bootstrap.load.rules.hosts import address_hint
from bootstrap.load.rules.versions import nearest_version
from bootstrap.load.yaml_syntax import named
from bootstrap.load.yaml_text import Document, Path
from bootstrap.model.inventory import Taint

_KUBERNETES = ("cluster", "kubernetes")
# No number in quotes is one of these.
_NEVER_NUMBERS = {"address", "endpoint", "dnsDomain", "certSANs", "bastion"}
_SHAPES = {
    "string_type": ("must be one line of text", "a value that starts with { or [ needs quotes"),
    "ip_number": ("must be an address or network, with dots", "for example 10.244.0.0/16"),
    "int_type": ("must be a whole number", "digits alone, and no 0 before them"),
    "int_parsing": ("must be a whole number", "digits alone"),
    "int_parsing_size": ("must be a whole number, and not such a long one", ""),
    "int_from_float": ("must be a whole number", "digits alone"),
    "model_type": ("must be a mapping", "its fields stand below it, indented by two spaces"),
    "model_attributes_type": ("must be a mapping", "its fields stand below it, indented by two spaces"),
    "dict_type": ("must be a mapping", "one `key: value` a line, indented by two spaces"),
    "tuple_type": ("must be a list", "one `- ` a line, or [a, b]"),
    "too_short": ("must have at least one entry", ""),
}


def words(document: Document, model: type[BaseModel], path: Path, found: ErrorDetails) -> tuple[str, str]:
    """(rule, hint) for a value of the wrong type or form."""
    value, bounds = found["input"], found.get("ctx", {})
    written = document.written.get(path, str(value))
    told = _SHAPES.get(found["type"], (found["msg"].removeprefix("Value error, "), ""))
    if value is None and not path:
        return "is empty", "its fields are missing"
    field = declared(model, path)
    example = _example(field)
    if value is None:
        return "has no value", "write one" if field and field.is_required() else "write one, or delete the line"
    match found["type"]:
        case "string_type" if isinstance(value, int | float):
            told = _number_for_text(written, path, example)
        case "string_too_short":
            told = "is empty", "write one, or delete the line"
        case "model_type" | "model_attributes_type" | "tuple_type" | "too_short":
            told = told[0], _collection_hint(model, path, value, written) or told[1]
        case "ip_number":
            told = told[0], f"for example {example or '10.244.0.0/16'}"
        case "literal_error":
            choices = re.findall(r"'([^']*)'", bounds["expected"])
            told = (
                f"must be one of: {', '.join(choices)}",
                _choice(written, choices) if isinstance(value, str) else "one of them",
            )
        case "string_pattern_mismatch":
            told = _misformed(written, bounds["pattern"], path)
        case "ip_v4_network":
            told = f"{written} is not an IPv4 network", _network_hint(written)
        case "ip_v4_address":
            told = f"{written} is not an IPv4 address", address_hint(written)
        case "greater_than_equal" | "less_than_equal":
            told = f"{written} is out of range", found["msg"].removeprefix("Input should be ")
    return told


def _collection_hint(model: type[BaseModel], path: Path, value: Any, written: str) -> str:
    """What to write for something that is no mapping or no list; empty when nothing special is known."""
    if kind_at(model, path) is Taint:
        return _taint_hint(written)
    if path[-1:] == ("taints",) and isinstance(value, str):
        return _taint_hint(written).replace("{", "[{").replace("}", "}]")
    if isinstance(kind_at(model, path), type):
        return f"for example {_example(declared(model, path[:1]))[1:-1]}" if path[:1] == ("hosts",) else ""
    if isinstance(value, str) and not isinstance(bare(inside(kind_at(model, path), 0)), type(BaseModel)):
        return f"write {path[-1]}: [{written}]"
    example = _example(declared(model, path))
    return f"for example {path[-1]}: {example}" if example else ""


def _number_for_text(written: str, path: Path, example: str) -> tuple[str, str]:
    kind = "a number" if re.fullmatch(r"[-+]?[\d.]+", written) else "a value of another type"
    rule = f"{written} is {kind} to YAML, and text is wanted"
    if path in {_KUBERNETES, ("version",)}:  # of an inventory, of an addon.yaml
        return rule, _version_hint(written, path)
    if not _NEVER_NUMBERS.isdisjoint(path):
        return rule, f"for example {example}" if example else ""
    return rule, f'put it in quotes: "{written}"'


def _version_hint(written: str, path: Path) -> str:
    return nearest_version(written) if path == _KUBERNETES else 'for example "1.2.3"'


def _misformed(written: str, pattern: str, path: Path) -> tuple[str, str]:
    if pattern.endswith("{64}$"):
        return f'"{written}" is not a SHA-256 digest', "64 of 0-9 and a-f, as `sha256sum` prints them"
    if pattern.startswith(("^[0-9]{", r"^\d")):
        rule = f'"{written}" is not a full version: three numbers, without a v'
        return rule, _version_hint(written, path)
    rule = f'"{written}" is not a name by RFC 1123: 1 to 63 of a-z, 0-9 and -, no - at either end'
    plain = unicodedata.normalize("NFKC", written).lower()
    if letter := next((one for one in plain if one.isalpha() and not one.isascii()), None):
        return rule, f"{named(letter)} is none of these, whatever it looks like"
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].strip("-")
    return rule, f'did you mean "{slug}"?' if slug else "for example web-1"


def _choice(written: str, choices: list[str]) -> str:
    """The word that is meant; what other tools and older releases call a role is known."""
    other = {"master": "control-plane", "server": "control-plane", "agent": "worker", "node": "worker"}
    known = other.get(written.lower(), "")
    known = choices[0] if len(choices) == 1 else known
    return f'did you mean "{known}"?' if known in choices else nearest(written, choices)


def _taint_hint(written: str) -> str:
    """The mapping that stands for a taint as kubectl writes it: key[=value]:effect."""
    taint = re.fullmatch(r"([-\w./]+)(?:=([-\w.]*))?:([A-Za-z]+)", written)
    if taint is None:
        return "for example {key: lab.example/gpu, effect: NoSchedule}"
    key, value, effect = taint.groups()
    fields = {"key": key, "value": value, "effect": effect} if value else {"key": key, "effect": effect}
    return f"write {_flow(fields)}"


def _flow(value: Any) -> str:
    """A value as YAML on one line."""
    dumped: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=1000)
    return dumped.removesuffix("...\n").strip()


def _network_hint(written: str) -> str:
    try:
        return f'did you mean "{IPv4Network(written, strict=False)}"?'
    except ValueError:
        return "kboot does not speak IPv6 yet" if written.count(":") > 1 else "for example 10.244.0.0/16"


def declared(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """The field that a document's path names; None for an entry of a list and for what is free-form."""
    part = part_at(model, path[:-1]) if path else None
    fields = part.model_fields.items() if part else ()
    return next((field for name, field in fields if (field.alias or name) == path[-1]), None)


def _example(field: FieldInfo | None) -> str:
    """The field's first example as YAML on one line; empty without one."""
    if field is None or not field.examples:
        return ""
    return _flow(field.examples[0])
