"""Text as plain YAML values, by libyaml where PyYAML has it: a bundle's lock is read in 40 ms, else in 240.

What people write (inventories, playbooks, addons) is read by load/yaml_text.py, which says where each value stands.
"""

from typing import Any

import yaml

SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 200
# What PyYAML raises of a date in the 13th month, of `!!bool x` and the like; libyaml of a lone surrogate.
_MISFITS = (AttributeError, LookupError, TypeError, ValueError)


def safe_load(text: str) -> Any:
    """The one document of this text; None where there is none. Raises yaml.YAMLError."""
    documents = safe_load_all(text)
    if len(documents) > 1:
        raise yaml.YAMLError("more than one document")
    return documents[0] if documents else None


def safe_load_all(text: str) -> list[Any]:
    """Every document of this text. Raises yaml.YAMLError."""
    try:
        _require_shallow(text)
        return list(yaml.load_all(text, Loader=SAFE_LOADER))
    except _MISFITS as error:
        raise yaml.YAMLError(f"a value is not what it is said to be: {error}") from error


def _require_shallow(text: str) -> None:
    """PyYAML composes by recursion, with libyaml until the process has no stack left and dies."""
    depth = 0
    for event in yaml.parse(text, Loader=SAFE_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(f"values are nested more than {DEEPEST} deep")
