"""The base root file system, made once by mmdebstrap and cached by its recipe."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

from platformdirs import user_cache_path

from bootstrap.lab.command import run
from bootstrap.lab.machine import Say
from bootstrap.lab.recipe import Recipe
from bootstrap.lab.removal import remove_tree
from bootstrap.model.alone import alone
from bootstrap.model.apt_sources import LISTED, sources_for

BUILD_TIMEOUT_S = 1200

# A killed mmdebstrap leaves its mounts and its children; namespaces of its own take both along.
ENCLOSED = ("setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")


def bases_folder() -> Path:
    """Where all of them lie, each as base-<key>."""
    return user_cache_path("kboot") / "lab"


def base_folder(key: str) -> Path:
    """Where the base of the recipe with this key lies once it is built."""
    return bases_folder() / f"base-{key}" / "rootfs"


def unfinished(base: Path) -> Path:
    """The name of a base while it is built or removed; what has such a name is swept before the next build."""
    return base.with_name(f"{base.name}.{os.getpid()}.new")


def building(say: Say) -> AbstractContextManager[None]:
    """Within, nobody else builds or removes a base; says so when somebody who does has to end first."""
    bases_folder().mkdir(parents=True, exist_ok=True)
    waiting = "another `lab up` or `lab prune` builds or removes a base on this machine: waiting for it"
    return alone(bases_folder() / "building.lock", lambda: say(waiting))


def ensure_base(recipe: Recipe, say: Say) -> Path:
    """Builds the base unless it is cached; 30 to 90 s the first time. Returns its root folder."""
    rootfs = base_folder(recipe.key)
    with building(say):  # even to take one that is there: somebody may be removing it
        if rootfs.is_dir():
            return rootfs
        for stale in bases_folder().glob("base-*.new"):  # of one who was killed: nobody else holds the lock
            remove_tree(stale)
        say(f"building the hosts' base (Debian {recipe.release} and {len(recipe.packages)} packages, about a minute)")
        fresh = unfinished(rootfs.parent)
        try:
            _mmdebstrap(recipe, fresh / "rootfs")
            fresh.rename(rootfs.parent)
        finally:
            remove_tree(fresh)
    return rootfs


def _mmdebstrap(recipe: Recipe, target: Path) -> None:
    target.parent.mkdir(parents=True)
    argv = [
        *ENCLOSED,
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(recipe.packages)}",
    ]
    argv += [f"--customize-hook={recipe.customise}", recipe.release, str(target)]
    sources = machine_sources(recipe.release)
    run([*argv, "-"] if sources else argv, stdin=sources, timeout_s=BUILD_TIMEOUT_S)


def machine_sources(release: str) -> str:
    """apt's sources for that Debian release at the machine's own mirrors (a closed machine reaches no other).

    Empty when the machine has no source of Debian; mmdebstrap then uses Debian's own.
    """
    return "".join(f"{line}\n" for line in sources_for(release, run(LISTED)))
