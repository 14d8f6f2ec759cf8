"""Kubernetes quantities: 0.1 and 100m, 1024Mi and 1Gi are the same amount."""

import re
from decimal import Decimal

# kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity
_FORM = re.compile(r"^([+-]?[0-9.]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$")
_SUFFIXES = {
    **{suffix: Decimal(10) ** power for power, suffix in zip((-9, -6, -3), "num", strict=True)},
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", start=1)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}


def same_quantity(one: str, other: str) -> bool:
    """Whether both are quantities, and of the same amount."""
    amounts = _amount(one), _amount(other)
    return None not in amounts and amounts[0] == amounts[1]


def _amount(word: str) -> Decimal | None:
    found = _FORM.match(word)
    if found is None or found[1].count(".") > 1 or not any(char.isdigit() for char in found[1]):
        return None
    suffix = found[2] or ""
    if suffix[:1] in {"e", "E"} and len(suffix) > 1 and suffix != "Ei":
        return Decimal(found[1] + suffix)
    return Decimal(found[1]) * _SUFFIXES.get(suffix, Decimal(1))
