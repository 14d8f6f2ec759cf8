"""Address types that pydantic checks and YAML prints."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError


def _no_number(value: Any) -> Any:
    """ipaddress takes 12 for 0.0.0.12, which nobody means."""
    if isinstance(value, int | bytes):
        raise PydanticCustomError("ip_number", "Input should be an address as text")
    return value


Address = Annotated[IPv4Address, BeforeValidator(_no_number), PlainSerializer(str)]
Network = Annotated[
    IPv4Network,
    BeforeValidator(_no_number),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$"}),
]
