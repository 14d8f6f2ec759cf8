"""`kboot bundle build`: parts, put together beside the final folder, verified, renamed into place."""

import shutil
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from bootstrap.bundle.bundle import LOCK_NAME, Bundle
from bootstrap.bundle.make.assemble import Made, assemble
from bootstrap.bundle.make.golang import require_go
from bootstrap.bundle.make.graph import Workshop, make_all
from bootstrap.bundle.make.lock_key import LockKey
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.part import Part, keys_of
from bootstrap.bundle.make.prerequisites import install_missing
from bootstrap.bundle.make.progress import Note, Observer
from bootstrap.bundle.make.recipe import all_parts, recipe_digest, surroundings
from bootstrap.bundle.make.signing import SigningKey
from bootstrap.bundle.make.store import Store
from bootstrap.bundle.place import cache_folder
from bootstrap.bundle.verify import extra, sizes_match, verify
from bootstrap.model.alone import alone
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode


def finished(order: Order) -> Bundle | None:
    """The bundle at the order's place: signed, made by this very recipe, and every file has its size."""
    if not (order.output / LOCK_NAME).is_file():
        return None
    try:
        bundle = Bundle.open(order.output)
    except KbootError:
        return None
    return bundle if bundle.lock.recipe == recipe_digest(order) and sizes_match(bundle) else None


def build(order: Order, observer: Observer) -> Bundle:
    """Make the bundle. A build that was cut off goes on where it was; at the final place stands a whole one or none."""
    _refuse_strange_output(order.output)
    _say_what_goes(order, observer)
    lists = {versions.kubernetes: all_parts(order, versions) for versions in order.versions}
    home = cache_folder()
    home.mkdir(parents=True, exist_ok=True)
    with building(home / "build.lock", observer):
        key_home = home / "bundle-key"
        store = Store(home / "build")
        store.sweep()
        if any(_needs_go(parts, store, order) for parts in lists.values()):
            require_go()
        install_missing(observer)
        workshop = Workshop(store, surroundings(order), observer)
        made = {kubernetes: _made(kubernetes, parts, workshop) for kubernetes, parts in lists.items()}
        observer(Note("putting the bundle together"))
        return _place(order, made, key_home)


def building(path: Path, observer: Observer) -> AbstractContextManager[None]:
    """Within, nobody else builds or prunes; says so when somebody who does has to end first. `path`: the build lock."""
    waiting = Note("another `bundle build` or `bundle prune` is at work on this machine: waiting for it")
    return alone(path, lambda: observer(waiting))


def _made(kubernetes: str, parts: tuple[Part, ...], workshop: Workshop) -> dict[str, Path]:
    workshop.observer(Note(f"parts of Kubernetes {kubernetes}:"))
    return make_all(parts, workshop)


def _needs_go(parts: tuple[Part, ...], store: Store, order: Order) -> bool:
    keys = keys_of(parts, surroundings(order))
    return any(part.lane == "compile" and not store.path(part.name, keys[part.name]).is_dir() for part in parts)


def _place(order: Order, made: Made, key_home: Path) -> Bundle:
    above = order.output.parent
    above.mkdir(parents=True, exist_ok=True)
    prefix = f".{order.output.name}.kboot-draft-"
    for left in above.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=above) as scratch:
        draft = Path(scratch) / "new"
        draft.mkdir()
        lock = assemble(order, made, SigningKey.at(key_home), draft)
        LockKey.at(key_home).sign(draft)
        findings = verify(Bundle(draft, lock))
        if findings:
            raise _not_whole(order.output, findings[0].path)
        if order.output.exists():
            order.output.rename(Path(scratch) / "old")
        draft.rename(order.output)
    return Bundle.open(order.output)


def _refuse_strange_output(output: Path) -> None:
    """A folder that holds something else is never replaced by a bundle."""
    if output.is_dir() and any(output.iterdir()) and not _is_bundle(output):
        raise KbootError(
            Code.BUNDLE_OUTPUT_TAKEN,
            "the folder for the bundle holds something that is no bundle",
            where=str(output),
            advice="name another one with --output, or empty it yourself",
            exit_code=ExitCode.USAGE,
        )


def _say_what_goes(order: Order, observer: Observer) -> None:
    """The bundle whose place is taken may hold what inventories want."""
    try:
        present = Bundle.read(order.output).lock
    except KbootError:
        return
    versions = sorted(set(present.versions) - {one.kubernetes for one in order.versions})
    releases = sorted(set(present.releases) - {one.codename for one in order.releases})
    lost = [f"Kubernetes {', '.join(versions)}"] * bool(versions)
    lost += [f"packages of {', '.join(releases)}"] * bool(releases)
    if lost:
        observer(Note(f"replacing the bundle in {order.output}, which also holds {' and '.join(lost)}"))
        observer(Note("stop with Ctrl-C and name another folder with --output to keep it"))


def _is_bundle(output: Path) -> bool:
    """Whether the folder holds a bundle and nothing else: only that may be replaced."""
    try:
        return not extra(Bundle.read(output))
    except KbootError:
        return False


def _not_whole(output: Path, path: str) -> KbootError:
    return KbootError(
        Code.BUNDLE_NOT_WHOLE,
        f"{path} changed while the bundle was put together",
        where=str(output),
        advice="check this machine's disk; then build again",
        exit_code=ExitCode.INTEGRITY,
    )
