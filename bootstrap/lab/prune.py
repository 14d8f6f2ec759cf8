"""Base systems in the cache over which no lab of this machine lies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap.lab.base import bases_folder, building
from bootstrap.lab.removal import remove_tree
from bootstrap.lab.state import lab_names, lab_state
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.unwanted import Unwanted


@contextmanager
def unused_bases() -> Iterator[tuple[Unwanted, ...]]:
    """What no lab uses; within, no base is built. Raises KB1309 while a lab is being made: its base is not known."""
    with building():
        specs = {name: lab_state(name).spec() for name in lab_names()}
        if made := [name for name, spec in specs.items() if spec is None]:
            raise KbootError(
                Code.LAB_LEFTOVER,
                f"the lab {made[0]} is being made, or what made it was killed: nobody knows which base it uses",
                advice=f"wait for it, or end it: kboot lab down --name {made[0]}",
            )
        used = {Path(spec.base).parent for spec in specs.values() if spec}
        unused = (path for path in sorted(bases_folder().glob("base-*")) if path not in used)
        yield tuple(Unwanted.of(path, "a base system that no lab lies over") for path in unused)


def remove_bases(found: tuple[Unwanted, ...]) -> None:
    """Take them away; the next lab that wants one builds it again, in about a minute."""
    for one in found:
        remove_tree(one.path)
