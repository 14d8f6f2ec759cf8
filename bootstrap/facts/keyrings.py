"""The keys that apt trusts for kboot's own package sources, with their end: `kboot status` tells it beforehand."""

import base64
from dataclasses import dataclass
from datetime import datetime

from bootstrap.facts.openpgp import certificates
from bootstrap.facts.sources import FOLDER
from bootstrap.model.answer import Absent, Answer, Known
from bootstrap.model.fact import ABSENT_CODE, Fact, Output


@dataclass(frozen=True, slots=True)
class PackageKey:
    """A key in a keyring. `name` is the keyring's (kubernetes, containerd, kboot-archive-keyring)."""

    name: str
    fingerprint: str
    expires: datetime | None


def _keys(out: Output) -> Answer[tuple[PackageKey, ...]]:
    if out.exit_code == ABSENT_CODE:
        return Absent("no package source of kboot's own")
    rows = (line.split() for line in out.stdout.splitlines())
    return Known(
        tuple(
            PackageKey(name, one.fingerprint, one.expires)
            for name, content in rows
            for one in certificates(base64.b64decode(content))
        )
    )


# base64: a bundle's keyring is binary.
PACKAGE_KEYS: Fact[tuple[PackageKey, ...]] = Fact(
    "package-keys",
    f"cd {FOLDER} 2>/dev/null || exit {ABSENT_CODE}; for file in *.asc *.gpg; do "
    '[ ! -s "$file" ] || echo "${file%.*} $(base64 -w 0 "$file")"; done',
    _keys,
    answers=frozenset({0, ABSENT_CODE}),
)
