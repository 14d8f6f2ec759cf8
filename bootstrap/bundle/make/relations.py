"""Which packages an installation may draw in, by the relations that the packages state.

Names alone: every alternative and every provider of a virtual package counts, whatever the version. So nothing that apt
may choose is left out, and what it then needs not is little (deb-control(5), debian-policy chapter 7).
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from bootstrap.bundle.make.debfile import DebFile

# `libc6:any (>= 2.36) [amd64]`: the name ends before any of these.
_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]*")


def drawn_in(wanted: Iterable[str], debs: Iterable[DebFile]) -> frozenset[str]:
    """Names of those of `debs` that installing `wanted` may need, themselves included."""
    by_name = {deb.name: deb for deb in debs}
    providers = _providers(by_name)
    found: set[str] = set()
    left = list(wanted)
    while left:
        for name in providers.get(left.pop(), ()):
            if name not in found:
                found.add(name)
                left += names_in(by_name[name].depends)
    return frozenset(found)


def names_in(relation: str) -> Iterator[str]:
    """Every package name in a relation field: `a (>= 1) | b, c:any` gives a, b, c."""
    for clause in re.split(r"[,|]", relation):
        if match := _NAME.match(clause.strip()):
            yield match[0]


def _providers(debs: Mapping[str, DebFile]) -> dict[str, list[str]]:
    """real or virtual name -> the packages that satisfy it."""
    found = {name: [name] for name in debs}
    for deb in debs.values():
        for virtual in names_in(deb.provides):
            found.setdefault(virtual, []).append(deb.name)
    return found
