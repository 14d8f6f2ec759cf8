"""What is left of an inventory without its unusable fields: the rules over the whole are then told in the same go."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from bootstrap.load.yaml_text import Document, Path
from bootstrap.model.inventory import Inventory

API_VERSION = "kboot/v1"


def without(value: Any, unusable: Iterable[Path]) -> tuple[Any, tuple[Path, ...]]:
    """The value with unusable fields left out or, where required, filled; and the paths that are not the file's."""
    copy = deepcopy(value)
    gone = tuple(_whole_lists(path) for path in unusable)
    for path in gone:
        _leave_out(copy, path)
    return copy, gone


def called_as_written(inventory: Inventory, document: Document, gone: Iterable[Path]) -> Inventory:
    """The inventory whose hosts without a usable name are called as the file calls them, or `hosts[2]`: for rules."""
    unnamed = {path[1] for path in gone if path[:1] == ("hosts",) and path[2:] in {(), ("name",)}}
    hosts = (
        host.model_copy(update={"name": _name(document, index)}) if index in unnamed else host
        for index, host in enumerate(inventory.hosts)
    )
    return inventory.model_copy(update={"hosts": tuple(hosts)}) if unnamed else inventory


def _name(document: Document, index: int) -> str:
    host = document.value["hosts"][index]
    name = host.get("name") if isinstance(host, dict) else None
    written = document.written.get(("hosts", index, "name"), name)
    return written if isinstance(written, str) and written else f"hosts[{index}]"


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
