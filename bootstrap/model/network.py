"""Address types that pydantic checks and YAML prints."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from pydantic import PlainSerializer

Address = Annotated[IPv4Address, PlainSerializer(str)]
Network = Annotated[IPv4Network, PlainSerializer(str)]
