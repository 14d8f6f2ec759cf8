"""Address types that pydantic checks and YAML prints, and a network that is free."""

from collections.abc import Sequence
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


def free_network(taken: Sequence[IPv4Network]) -> IPv4Network:
    """A /16 of private space (RFC 1918, then RFC 6598) that touches none of these."""
    octets = [f"10.{octet}" for octet in (244, *range(200, 256), *range(200))]
    octets += [*(f"172.{octet}" for octet in range(16, 32)), "192.168", *(f"100.{octet}" for octet in range(64, 128))]
    candidates = [IPv4Network(f"{begin}.0.0/16") for begin in octets]
    return next((one for one in candidates if not any(one.overlaps(other) for other in taken)), candidates[0])
