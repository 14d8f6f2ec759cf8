"""The Kubernetes version is one whose minor kboot knows."""

import re
from collections.abc import Iterator

from bootstrap.load.rules.finding import Finding
from bootstrap.model.codes import Code
from bootstrap.model.inventory import Inventory
from bootstrap.model.tables.versions import VERSIONS


def version_known(inventory: Inventory) -> Iterator[Finding]:
    """What goes with a version (image tags, containerd, flannel) stands in model/tables/versions.py."""
    version = inventory.cluster.kubernetes
    if version in VERSIONS:
        return
    hint = _known()
    if same_minor := [known for known in VERSIONS if _order(known)[:2] == _order(version)[:2]]:
        hint = f'did you mean "{max(same_minor, key=_order)}"?'
    rule = f"Kubernetes {version} is {_compared(version)} this kboot knows"
    yield Finding(("cluster", "kubernetes"), Code.VERSION_UNKNOWN, rule, hint)


def nearest_version(written: str) -> str:
    """`did you mean "1.36.3"?` for `v1.36.3`, `1.36` or `1.36.x`; else the known ones: none has that minor."""
    minor = re.match(r"v?(\d+\.\d+)(?![\d])", written.strip())
    known = [version for version in VERSIONS if minor and version.startswith(f"{minor[1]}.")]
    exact = [version for version in known if version == written.strip().lstrip("v")]
    return f'did you mean "{max(exact or known, key=_order)}"?' if known else _known()


def _known() -> str:
    return f"known: {', '.join(sorted(VERSIONS, key=_order))}"


def _compared(version: str) -> str:
    if _order(version) > max(map(_order, VERSIONS)):
        return "newer than"
    return "older than" if _order(version) < min(map(_order, VERSIONS)) else "none of those that"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
