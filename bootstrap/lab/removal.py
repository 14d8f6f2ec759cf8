"""Removes a folder that the lab made, and never what is mounted below it."""

import shutil
from pathlib import Path

from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

MOUNTS = Path("/proc/self/mountinfo")


def remove_tree(folder: Path) -> None:
    """Removes the folder and all in it; raises KB1309 while anything is mounted there. None there: fine."""
    mounted = [line.split()[4] for line in MOUNTS.read_text().splitlines()]
    inside = [path for path in mounted if f"{path}/".startswith(f"{folder}/")]
    if inside:
        raise KbootError(
            Code.LAB_LEFTOVER,
            "mounts are left below a folder that has to go",
            evidence="\n".join(inside),
            advice=f"umount {' '.join(reversed(inside))}, then run the same command again",
        )
    shutil.rmtree(folder, ignore_errors=not folder.exists())
