"""What the fields of an inventory have in common: types, and how each says its unit and its default."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticKnownError

# Keywords of our own in the JSON Schema (annotations by JSON Schema 2020-12, section 6.5: others ignore them).
UNIT = "x-unit"
DEFAULT = "x-default"


def unit(of: str, *, default: str = "") -> dict[str, Any]:
    """For a field's `json_schema_extra`: in what it is given, and in words what holds where None stands for it."""
    return {UNIT: of, DEFAULT: default} if default else {UNIT: of}


def _whole_number(value: Any) -> Any:
    """pydantic takes true for 1, `2_2` for 22 and `010` for 10, which nobody means."""
    if isinstance(value, bool) or (isinstance(value, str) and not re.fullmatch("0|[1-9][0-9]{0,4}", value)):
        raise PydanticKnownError("int_type")
    return value


def _key(text: str) -> str:
    if re.fullmatch(r"[0-9a-fA-F]{64}", text) is None:
        raise ValueError("64 hex digits are wanted, as `kboot bundle list` shows them")
    return text


Name = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
FilePath = Annotated[str, Field(min_length=1)]
Port = Annotated[int, BeforeValidator(_whole_number), Field(ge=1, le=65535)]
BundleKey = Annotated[str, AfterValidator(_key)]
