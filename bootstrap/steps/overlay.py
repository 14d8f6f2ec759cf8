"""The inventory's overlays: settings of upstream's own, laid over what kboot renders."""

from collections.abc import Mapping
from typing import Any


def overlaid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `over` on top: mappings merge key by key, everything else (lists too) is replaced."""
    both = {
        key: overlaid(base[key], value) if isinstance(value, Mapping) and isinstance(base.get(key), Mapping) else value
        for key, value in over.items()
    }
    return {**base, **both}
