"""Which inventory is meant when the command line does not say."""

import os
from collections.abc import Mapping
from pathlib import Path

from bootstrap.load.error import InputError, InvalidInput
from bootstrap.model.codes import Code

VARIABLE = "KBOOT_INVENTORY"
NAMES = ("lab.yaml", "kboot.yaml")


def find_inventory(given: str | None, environment: Mapping[str, str], folder: Path) -> str:
    """`--inventory`, else $KBOOT_INVENTORY, else ./lab.yaml or ./kboot.yaml of `folder`. Raises InvalidInput."""
    if named := given or environment.get(VARIABLE):
        return named
    there = [name for name in NAMES if os.path.exists(folder / name)]
    if len(there) == 1:
        return str(folder / there[0]) if folder != Path() else there[0]
    rule = f"both {' and '.join(NAMES)} are here" if there else f"no inventory: neither {' nor '.join(NAMES)} is here"
    hint = f"name one with --inventory PATH or ${VARIABLE}"
    hint += "" if there else ", or write one: kboot inventory init USER@HOST..."
    raise InvalidInput(InputError(str(folder.absolute()), None, Code.INPUT_NOT_FOUND, rule, hint))
