"""What is wrong with a value, in words for the person who wrote it, and what to write in its place."""

import re
import unicodedata
from ipaddress import IPv4Network
from typing import Any, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bootstrap.load.error import nearest
from bootstrap.load.kinds import kind_at, part_at
from bootstrap.load.rules.hosts import address_hint
from bootstrap.load.rules.versions import nearest_version
from bootstrap.load.yaml_syntax import named
from bootstrap.load.yaml_text import Document, Path
from bootstrap.model.inventory import Taint

_KUBERNETES = ("cluster", "kubernetes")
# What may be a number in quotes; of other fields of an inventory none is.
_MAYBE_NUMBERS = {"name", "user", "labels", "taints", "netns"}
# What other tools, ssh_config(5) and older releases say.
_OTHER_WORDS = {
    "master": "control-plane",
    "server": "control-plane",
    "agent": "worker",
    "node": "worker",
    "disabled": "leave",
    "disable": "leave",
    "off": "leave",
    "no": "accept-new",
}
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
    example = example_at(model, path)
    if value is None:
        return "has no value", _value_hint(declared(model, path), example)
    match found["type"]:
        case "string_type" if isinstance(value, int | float):
            told = _number_for_text(written, path, example)
        case "string_type" if example:
            told = told[0], f"for example {example}"
        case "string_too_short":
            told = "is empty", "write one, or delete the line"
        case "model_type" | "model_attributes_type" | "dict_type" | "tuple_type" | "too_short":
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
            told = f"{written} is not an IPv4 network", _network_hint(written, example)
        case "ip_v4_address":
            told = f"{written} is not an IPv4 address", address_hint(written, names=False)
        case "greater_than_equal" | "less_than_equal":
            told = f"{written} is out of range", found["msg"].removeprefix("Input should be ")
    return told


def _collection_hint(model: type[BaseModel], path: Path, value: Any, written: str) -> str:
    """What to write for something that is no mapping or no list; empty when nothing special is known."""
    if kind_at(model, path) is Taint:
        return _taint_hint(written)
    if path[-1:] == ("taints",) and isinstance(value, str):
        return _taint_hint(written).replace("{", "[{").replace("}", "}]")
    if get_origin(kind_at(model, path)) is tuple and isinstance(value, str) and not part_at(model, (*path, 0)):
        return f"write {path[-1]}: [{written}]"
    if not (example := example_at(model, path)):
        return ""
    return f"for example {example}" if isinstance(path[-1], int) else f"for example {path[-1]}: {example}"


def _value_hint(field: FieldInfo | None, example: str) -> str:
    if field is None or not field.is_required():
        return "write one, or delete the line"
    return f"write one, for example {example}" if example else "write one"


def _number_for_text(written: str, path: Path, example: str) -> tuple[str, str]:
    kind = "a number" if re.fullmatch(r"[-+]?[\d.]+", written) else "a value of another type"
    rule = f"{written} is {kind} to YAML, and text is wanted"
    if path in {_KUBERNETES, ("version",)}:  # of an inventory, of an addon.yaml
        return rule, _version_hint(written, path)
    if example and _MAYBE_NUMBERS.isdisjoint(path):
        return rule, f"for example {example}"
    if path[-1] == "name" and (slug := _slug(written)) != written:
        return rule, f'did you mean "{slug}"?'
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
    slug = _slug(plain)
    return rule, f'did you mean "{slug}"?' if slug else "for example web-1"


def _slug(text: str) -> str:
    """The RFC 1123 label that is nearest; what cannot be seen stands for nothing."""
    seen = "".join(one for one in text.lower() if unicodedata.category(one) != "Cf")
    return re.sub(r"[^a-z0-9]+", "-", seen).strip("-")[:63].strip("-")


def _choice(written: str, choices: list[str]) -> str:
    """The word that is meant."""
    known = choices[0] if len(choices) == 1 else _OTHER_WORDS.get(written.lower(), "")
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


def _network_hint(written: str, example: str) -> str:
    try:
        return f'did you mean "{IPv4Network(written, strict=False)}"?'
    except ValueError:
        return "kboot does not speak IPv6 yet" if written.count(":") > 1 else f"for example {example}"


def declared(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """The field that a document's path names; None for an entry of a list and for what is free-form."""
    part = part_at(model, path[:-1]) if path else None
    fields = part.model_fields.items() if part else ()
    return next((field for name, field in fields if (field.alias or name) == path[-1]), None)


def example_at(model: type[BaseModel], path: Path) -> str:
    """The first example of the field at this path, or of the entry of a list or mapping; empty without one."""
    if field := declared(model, path):
        return _flow(field.examples[0]) if field.examples else ""
    whole = declared(model, path[:-1])
    if whole is None or not whole.examples or not isinstance(whole.examples[0], list | dict):
        return ""
    entries = whole.examples[0]
    return _flow(next(iter(entries.values() if isinstance(entries, dict) else entries)))
