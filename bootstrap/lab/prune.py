"""What labs of this machine use; and base systems in the cache over which none lies."""

from pathlib import Path

from bootstrap.lab.base import bases_folder, building, unfinished
from bootstrap.lab.machine import Say
from bootstrap.lab.removal import remove_tree
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import lab_names, lab_state
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.unwanted import Unwanted


def unused_bases(say: Say) -> tuple[Unwanted, ...]:
    """What no lab uses. Raises KB1309 while a lab is being made: its base is not known."""
    with building(say):
        return tuple(Unwanted.of(path, "a base system that no lab lies over") for path in _unused())


def remove_bases(found: tuple[Unwanted, ...], say: Say) -> tuple[Unwanted, ...]:
    """Take away those that no lab came to use since they were found, and return them. Raises KB1309 as above.

    The next lab that wants one builds it again, in about a minute.
    """
    with building(say):
        unused = _unused()
        gone = tuple(one for one in found if one.path in unused)
        for one in gone:  # renamed first: a lab must find a whole base or none
            fresh = unfinished(one.path)
            one.path.rename(fresh)
            remove_tree(fresh)
    for one in found:
        if one.path.exists():
            say(f"{one.path} stays: a lab lies over it by now")
    return gone


def bundles_of_labs() -> dict[Path, str] | None:
    """Each bundle that a lab of this machine uses, and that lab's name. None for who may not look: labs are root's.

    Raises KB1309 while a lab is being made.
    """
    try:
        specs = _specs()
    except PermissionError:
        return None
    return {Path(spec.bundle).resolve(): name for name, spec in specs.items() if spec.bundle}


def _unused() -> tuple[Path, ...]:
    specs = _specs()
    for name, spec in specs.items():
        if not Path(spec.base).is_dir():
            raise _unknown(name, f"the base of the lab {name} is gone: nobody knows which one `lab up` takes next")
    used = {Path(spec.base).parent.resolve() for spec in specs.values()}
    bases = sorted(path for path in bases_folder().glob("base-*") if not path.is_symlink())
    return tuple(path for path in bases if path.resolve() not in used)


def _specs() -> dict[str, LabSpec]:
    specs = {}
    for name in lab_names():
        spec = lab_state(name).spec()
        if spec is None:
            why = f"the lab {name} is being made, or what made it was killed: nobody knows what it uses"
            raise _unknown(name, why)
        specs[name] = spec
    return specs


def _unknown(name: str, why: str) -> KbootError:
    return KbootError(Code.LAB_LEFTOVER, why, advice=f"wait for it, or end it: kboot lab down --name {name}")
