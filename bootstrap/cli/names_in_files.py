"""Names that a Tab offers, read from files as plain YAML: what checks them (pydantic, the steps) takes a second."""

import os
import re
import stat
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from bootstrap.load.find import find_inventory
from bootstrap.load.path_word import is_playbook_path
from bootstrap.load.shipped import playbooks_folder, shipped_addons, shipped_playbooks

# What load/ takes for an inventory; a Tab reads no pipe and no disk image.
_MOST_BYTES = 1_000_000
_PAGE = re.compile(r"(?m)^([a-z0-9-]+):$")


def inventory_hosts(given: str | None) -> list[str]:
    """Names of the inventory's hosts."""
    return list(_names(_inventory(given).get("hosts")))


def inventory_addons(given: str | None) -> list[str]:
    """The inventory's addons, else those that kboot ships."""
    try:
        named = (_inventory(given).get("cluster") or {}).get("addons")
    except Exception:
        named = None
    return [str(one) for one in named] if isinstance(named, list) else list(shipped_addons())


def playbook_steps(word: str) -> list[str]:
    """Names of a playbook's steps and phases; of a shipped one by name, of one's own by path."""
    path = Path(word).expanduser() if is_playbook_path(word) else playbooks_folder() / f"{word}.yaml"
    book = _mapping(path)
    phases = [phase for key in ("phases", "finally") for phase in book.get(key) or ()]
    return [*(str(step) for phase in phases for step in phase.get("steps") or ()), *_names(phases)]


def every_step() -> list[str]:
    """Every step of every shipped playbook."""
    return [name for word in shipped_playbooks() for name in playbook_steps(word)]


def error_pages() -> list[str]:
    """Names of the pages of error texts: the keys that begin a line."""
    folder = files("bootstrap.cli.error_texts")
    texts = (entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return [name for text in texts for name in _PAGE.findall(text)]


def exit_pages() -> list[str]:
    """Names of the pages of exit codes."""
    text = files("bootstrap.cli").joinpath("exit_codes.yaml").read_text(encoding="utf-8")
    return ["exit-codes", *(f"exit-{code}" for code in _PAGE.findall(text))]


def _inventory(given: str | None) -> dict[str, Any]:
    return _mapping(Path(find_inventory(given, os.environ, Path())))


def _mapping(path: Path) -> dict[str, Any]:
    from bootstrap.model.safe_yaml import safe_load  # noqa: PLC0415 - not for a Tab that completes an option

    seen = path.stat()
    if not stat.S_ISREG(seen.st_mode) or seen.st_size > _MOST_BYTES:
        return {}
    loaded = safe_load(path.read_text(encoding="utf-8"))
    return loaded if isinstance(loaded, dict) else {}


def _names(entries: Any) -> Iterator[str]:
    """`name` of each mapping in a list."""
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and "name" in entry:
            yield str(entry["name"])
