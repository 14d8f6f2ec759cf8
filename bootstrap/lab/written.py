"""The inventories that a lab wrote: kept up to date, never over a person's edits, and taken away with the lab."""

import hashlib
from dataclasses import replace
from pathlib import Path

from bootstrap.lab.inventory import inventory_text
from bootstrap.lab.machine import this_machine
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState, write_atomically
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


def refuse_edited(known: LabSpec | None, wanted: LabSpec) -> None:
    """Raises KB1308 where an inventory that is not the lab's own text would have to be overwritten."""
    path = Path(str(wanted.inventory))
    unchanged = known is not None and (known.hosts, known.bundle, known.inventory) == (
        wanted.hosts,
        wanted.bundle,
        wanted.inventory,
    )
    if unchanged or not path.exists() or _is_ours(path, known):
        return
    raise KbootError(
        Code.LAB_INVENTORY_EDITED,
        "this file was not written by this lab, or was edited since, and would be overwritten",
        where=str(path),
        advice="move it away, or write the lab's inventory elsewhere with --inventory PATH",
        exit_code=ExitCode.USAGE,
    )


def write(state: LabState, spec: LabSpec) -> LabSpec:
    """Writes the inventory unless a person edited it; returns the spec that remembers it."""
    path = Path(str(spec.inventory))
    if path.exists() and not _is_ours(path, spec):
        return spec
    text = inventory_text(state, spec, this_machine())
    remembered = replace(spec, written=tuple({**dict(spec.written), str(path): _sha256(text.encode())}.items()))
    state.save(remembered)
    write_atomically(path, text, 0o644)
    return remembered


def remove(spec: LabSpec) -> None:
    """Removes every inventory that is still as the lab wrote it."""
    for path, _ in spec.written:
        if _is_ours(Path(path), spec):
            Path(path).unlink()


def _is_ours(path: Path, spec: LabSpec | None) -> bool:
    return path.exists() and spec is not None and _sha256(path.read_bytes()) == dict(spec.written).get(str(path))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
