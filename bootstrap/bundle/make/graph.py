"""Makes parts side by side: one at a time per lane, each after what it needs."""

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bootstrap.bundle.make.part import Lane, Part, keys_of
from bootstrap.bundle.make.progress import Observer, PartProgress, PartReady, PartStarted
from bootstrap.bundle.make.store import Store

_LANES: tuple[Lane, ...] = ("compile", "rest")


@dataclass(frozen=True)
class Workshop:
    """Where parts are made, on what, and who watches."""

    store: Store
    surroundings: object
    observer: Observer


def make_all(parts: tuple[Part, ...], workshop: Workshop) -> dict[str, Path]:
    """The folder of every part. The first failure is raised once the parts under way have ended; no other is started.

    Parts come after what they need. That is also why waiting inside a lane cannot lock up: whatever a part
    waits for was handed in earlier.
    """
    keys = keys_of(parts, workshop.surroundings)
    pools = {lane: ThreadPoolExecutor(max_workers=1, thread_name_prefix=lane) for lane in _LANES}
    futures: dict[str, Future[Path]] = {}
    try:
        for position, part in enumerate(parts, start=1):
            needed = {need: futures[need] for need in part.needs}
            started = PartStarted(part.name, position, len(parts))
            futures[part.name] = pools[part.lane].submit(_make, part, keys[part.name], needed, workshop, started)
        return {name: future.result() for name, future in futures.items()}
    finally:
        for pool in pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in pools.values():
            pool.shutdown(wait=True)


def _make(part: Part, key: str, needed: Mapping[str, Future[Path]], workshop: Workshop, started: PartStarted) -> Path:
    inputs = {name: future.result() for name, future in needed.items()}
    begun = time.monotonic()
    cached = workshop.store.path(part.name, key).is_dir()
    if not cached:
        workshop.observer(started)

    def tell(note: str) -> None:
        workshop.observer(PartProgress(part.name, note))

    path = workshop.store.make(part.name, key, lambda out: part.make(out, inputs, tell))
    workshop.observer(PartReady(part.name, time.monotonic() - begun, cached))
    return path
