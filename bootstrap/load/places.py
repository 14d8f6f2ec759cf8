"""Where the hosts of an inventory stand in its file: for findings that only the hosts themselves can bring about."""

from collections.abc import Mapping
from pathlib import Path

from bootstrap.load.source import read_source
from bootstrap.load.spelling import respelled
from bootstrap.load.yaml_text import parse
from bootstrap.model.inventory import Inventory


def host_places(file: Path, inventory: Inventory) -> Mapping[str, str]:
    """Host -> `lab.yaml:12`, the line of its nodeIP, or where its entry begins."""
    document = respelled(parse(read_source(file)), Inventory)
    lines = (document.place(("hosts", index, "nodeIP")).line for index in range(len(inventory.hosts)))
    return {host.name: f"{file}:{line}" for host, line in zip(inventory.hosts, lines, strict=True)}
