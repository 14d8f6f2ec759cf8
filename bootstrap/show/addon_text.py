"""`kboot addons list`: each addon, its version, and how it stands in the cluster."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from rich.text import Text

from bootstrap.show.document import Record, document


@dataclass(frozen=True, slots=True)
class AddonState:
    """`state` is a word of LOOKS; `detail` says more. `wanted`: the inventory has it in cluster.addons."""

    name: str
    version: str
    summary: str
    wanted: bool
    state: str
    detail: str = ""


LOOKS = {
    "ready": ("✓", "green"),
    "not-ready": ("…", "cyan"),
    "differs": ("●", "yellow"),
    "absent": ("○", "yellow"),
    "unknown": ("?", "red"),
    "unwanted": ("-", "dim"),
}


def addon_lines(addons: Iterable[AddonState]) -> Iterator[Text]:
    """One line each, under a heading."""
    rows = [(one.name, one.version, one.state, one.detail or one.summary) for one in addons]
    head = ("ADDON", "VERSION", "STATE", "")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(3)]
    for row in (head, *rows):
        sign, style = LOOKS.get(row[2], (" ", ""))
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True))
        yield Text.assemble((f"{sign} ", style), (cells, style), f"  {row[3]}".rstrip())


def addons_document(addons: Iterable[AddonState], cluster: str, exit_code: int) -> Record:
    """The document of `addons list -o json`; `cluster` is empty without an inventory."""
    return document("AddonList", cluster=cluster, exitCode=exit_code, addons=[asdict(one) for one in addons])
