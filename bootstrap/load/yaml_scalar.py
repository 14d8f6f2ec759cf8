"""Plain scalars by YAML 1.2's core schema (yaml.org/spec/1.2.2, section 10.3).

PyYAML reads YAML 1.1, where `no`, `1_000`, `0600` and `12:30` become something else than they look.
"""

import math
import re
from typing import Any

_NULL = re.compile(r"|~|null|Null|NULL")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
OTHER_BOOLEAN = re.compile(r"yes|no|on|off|y|n", re.IGNORECASE)


def plain_scalar(text: str) -> Any:
    """The value of a scalar without quotes; what is no null, boolean or finite number is text."""
    if _NULL.fullmatch(text):
        return None
    if _BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text) and len(text) <= 20:
        return int(text)
    if _FLOAT.fullmatch(text) and not _INTEGER.fullmatch(text) and not re.match(r"[-+]?0[0-9]", text):
        number = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        return number if math.isfinite(number) else text
    return text
