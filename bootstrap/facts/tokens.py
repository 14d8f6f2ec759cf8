"""The cluster's bootstrap tokens, without their secret halves."""

import base64
import shlex
from dataclasses import dataclass
from datetime import datetime

from bootstrap.facts.api import METADATA
from bootstrap.facts.kubectl import asked_with_kubectl
from bootstrap.model.answer import Answer, Known
from bootstrap.model.fact import Fact, Output


@dataclass(frozen=True, slots=True)
class Token:
    """A bootstrap token without its secret half. `left_s` is None for one that never expires."""

    id: str
    description: str
    left_s: float | None

    def lives(self, at_least_s: float = 0.0) -> bool:
        """Whether it can be used for this long."""
        return self.left_s is None or self.left_s > at_least_s


def _tokens(out: Output) -> Answer[tuple[Token, ...]]:
    now, *rows = out.stdout.splitlines()
    return Known(tuple(_token(row, float(now)) for row in rows))


def _token(row: str, now: float) -> Token:
    name, expires, description = [*row.split("\t"), "", ""][:3]
    left_s = datetime.fromisoformat(_decoded(expires)).timestamp() - now if expires else None
    return Token(name.removeprefix("bootstrap-token-"), _decoded(description), left_s)


def _decoded(value: str) -> str:
    return base64.b64decode(value).decode()


# The template prints no key but these: a token's secret half never leaves the API server for us.
_ROW = (
    '{{range .items}}{{.metadata.name}}{{"\\t"}}{{with .data.expiration}}{{.}}{{end}}{{"\\t"}}'
    '{{with .data.description}}{{.}}{{end}}{{"\\n"}}{{end}}'
)
_PATH = "/api/v1/namespaces/kube-system/secrets?fieldSelector=type%3Dbootstrap.kubernetes.io/token"
# Mostly there is none, and the names alone say so.
TOKENS: Fact[tuple[Token, ...]] = asked_with_kubectl(
    "bootstrap-tokens",
    f"date +%s; case $(api api-tokens '{METADATA}' '{_PATH}') in *'\"items\":null'* | *'\"items\":[]'*) exit;; esac\n"
    "k -n kube-system get secrets --field-selector type=bootstrap.kubernetes.io/token "
    f"-o go-template={shlex.quote(_ROW)}",
    _tokens,
)
