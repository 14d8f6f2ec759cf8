"""The run's secrets, made beforehand on the operator's machine: values flow into actions, never out of them (law 8)."""

import secrets
import string
from collections.abc import Mapping
from types import MappingProxyType

from bootstrap.model.target import RunValues
from bootstrap.model.text import Secret

JOIN_TOKEN = "join-token"  # noqa: S105  the ref's name: the whole token, `<id>.<secret>`
JOIN_TOKEN_SECRET = "join-token-secret"  # noqa: S105  the ref's name: its secret half
_ALPHABET = string.ascii_lowercase + string.digits
_ID_LENGTH, _SECRET_LENGTH = 6, 16  # kubeadm: [a-z0-9]{6}.[a-z0-9]{16}


def new_token_id() -> str:
    """The public half of a join token."""
    return _random(_ID_LENGTH)


def vault_for(run: RunValues) -> Mapping[str, Secret]:
    """What the refs of this run's texts stand for."""
    secret = _random(_SECRET_LENGTH)
    return MappingProxyType({JOIN_TOKEN: Secret(f"{run.token_id}.{secret}"), JOIN_TOKEN_SECRET: Secret(secret)})


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
