"""The reference of every field, from the inventory's JSON Schema: inventory/REFERENCE.md, and one field's paragraph.

Made by `python3 -m bootstrap.load.reference > inventory/REFERENCE.md`.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.load.schema import inventory_schema
from bootstrap.model.field import DEFAULT, UNIT

_HEAD = """\
# The inventory, field by field

This page is made from the fields themselves (`kboot inventory reference`); one field's paragraph: `kboot inventory
reference podCIDR`. Keys may also be written in snake_case: `pod_cidr`. Paths start at the folder of the inventory.
Examples stand beside this page; `schema.json` makes editors check and complete an inventory.
"""
_REFERENCE = "#/$defs/"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One field. `path` is as in `hosts[].nodeIP`; `default` is empty where the field must be given."""

    path: str
    meaning: str
    unit: str
    words: tuple[str, ...]
    default: str
    example: str

    @property
    def key(self) -> str:
        """The last word of the path."""
        return self.path.rpartition(".")[2]

    def text(self) -> str:
        """Its paragraph: what it means, its unit, default and example."""
        unit = self.unit + (f": {', '.join(self.words)}" if self.words else "")
        return "\n".join(
            (
                f"### {self.path}",
                "",
                self.meaning,
                "",
                f"- unit: {unit}",
                f"- default: {self.default or 'none, it must be given'}",
                f"- example: `{self.example}`",
            )
        )


def entries() -> tuple[Entry, ...]:
    """Every field of an inventory, a part's own before those of the parts in it, each once."""
    schema = inventory_schema()
    return tuple(_entries(schema, schema["$defs"], ""))


def found(word: str) -> tuple[Entry, ...]:
    """The fields that a person means by a key or a path, in either spelling; those of a part with it."""
    wanted = _plain(word).removeprefix("inventory.").replace("hosts.ssh.", "ssh.")  # told once, for both
    paths = {one: _plain(one.path) for one in entries()}
    meant = [path for path in paths.values() if path == wanted]
    meant = meant or [path for path in paths.values() if path.endswith(f".{wanted}")]
    return tuple(one for one, path in paths.items() if any(f"{path}.".startswith(f"{top}.") for top in meant))


def page() -> str:
    """The text of inventory/REFERENCE.md."""
    parts: dict[str, list[str]] = {}
    for entry in entries():
        parts.setdefault(entry.path.rpartition(".")[0], []).append(entry.text())
    titles = {"": "## The file"} | {part: f"## {part}" for part in parts if part}
    return "\n\n".join([_HEAD.rstrip(), *("\n\n".join([titles[part], *texts]) for part, texts in parts.items())]) + "\n"


def _entries(part: Schema, parts: Mapping[str, Schema], prefix: str) -> Iterator[Entry]:
    required = part.get("required", ())
    below: list[tuple[str, Schema]] = []
    for key, field in part["properties"].items():
        # pydantic leaves out a description that the part has in the same words
        meaning = field.get("description") or parts[_part_of(field)]["description"]
        yield _entry(prefix + key, field, meaning, is_required=key in required)
        if (name := _part_of(field)) and (prefix, name) != ("hosts[].", "Ssh"):  # the file's `ssh` has told those
            below.append((f"{prefix}{key}{'[]' if field.get('type') == 'array' else ''}.", parts[name]))
    for path, inner in below:
        yield from _entries(inner, parts, path)


def _entry(path: str, field: Schema, meaning: str, *, is_required: bool) -> Entry:
    key = path.rpartition(".")[2]
    words = tuple(map(str, _choices(field)))
    default = "" if is_required else _default(field)
    return Entry(path, meaning, field[UNIT], words, default, f"{key}: {_flow(field['examples'][0])}")


def _default(field: Schema) -> str:
    if words := field.get(DEFAULT):
        return str(words)
    value = field["default"]
    if _part_of(field) and value:
        return "as its fields say"
    return f"`{_flow(value)}`" if value not in ({}, [], "") else "none"


def _choices(field: Schema) -> list[Any]:
    one_of = [field, *field.get("anyOf", ())]
    return [word for one in one_of for word in one.get("enum", [one["const"]] if "const" in one else [])]


def _part_of(field: Schema) -> str:
    """The name of the part that the field holds, alone or as a list; empty when it holds none."""
    for one in (field, field.get("items", {}), *field.get("anyOf", ())):
        if "$ref" in one:
            return str(one["$ref"]).removeprefix(_REFERENCE)
    return ""


def _flow(value: Any) -> str:
    """YAML on one line, as a person writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    is_plain = not isinstance(value, str) or not (value == "" or (value[0].isdigit() and value.count(".") != 3))
    plain = value if isinstance(value, str) and (is_plain and value not in {"true", "false"}) else json.dumps(value)
    return str(plain)


def _plain(path: str) -> str:
    return path.replace("[]", "").replace("_", "").replace("-", "").lower()


if __name__ == "__main__":
    sys.stdout.write(page())
