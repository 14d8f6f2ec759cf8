"""What is left of an inventory without its unusable fields: the rules over the whole are then told in the same go."""

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from bootstrap.load.yaml_text import Document, Path

API_VERSION = "kboot/v1"
_STAND_IN = re.compile(r"\bunusable-(\d+)\b")


def without(value: Any, unusable: Iterable[Path]) -> tuple[Any, tuple[Path, ...]]:
    """The value with unusable fields left out or, where required, filled; and the paths that are not the file's."""
    copy = deepcopy(value)
    gone = tuple(_whole_lists(path) for path in unusable)
    for path in gone:
        _leave_out(copy, path)
    return copy, gone


def as_written(text: str, document: Document, gone: Iterable[Path]) -> str:
    """The text with every name that `without` filled in as the file has it, or as `hosts[2]` where it has none."""
    filled = {path[1]: path[:2] for path in gone if path[:1] == ("hosts",) and path[2:] in {(), ("name",)}}

    def written(found: re.Match[str]) -> str:
        index = int(found[1])
        if index not in filled:
            return found[0]
        return document.written.get((*filled[index], "name")) or f"hosts[{index}]"

    return _STAND_IN.sub(written, text)


def _whole_lists(path: Path) -> Path:
    """A list with an unusable item goes as a whole (the places of the others would shift), but not the hosts."""
    for at, part in enumerate(path):
        if isinstance(part, int) and path[:at] != ("hosts",):
            return path[:at]
    return path


def _leave_out(value: Any, path: Path) -> None:
    match path:
        case ("apiVersion",):
            value["apiVersion"] = API_VERSION
        case ("hosts", int(index)):
            value["hosts"][index] = {"name": f"unusable-{index}", "address": f"unusable-{index}.invalid"}
        case ("hosts", int(index), "name" | "address" as field):
            value["hosts"][index][field] = f"unusable-{index}" + (".invalid" if field == "address" else "")
        case (*parents, str(key)):
            for part in parents:
                value = value[part]
            value.pop(key, None)
