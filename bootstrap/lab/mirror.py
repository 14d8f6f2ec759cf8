"""A lab's mirror: `python -m bootstrap.lab.mirror FOLDER` serves packages and images inside the lab's network.

One process with the registry as its child; it holds a lock for life, as a host's supervisor does.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType

from bootstrap.lab.base import Say
from bootstrap.lab.command import environment
from bootstrap.lab.entry import PACKAGE_ROOT
from bootstrap.lab.mirror_tree import MirrorTree, ensure_tree
from bootstrap.lab.namespaces import enter_network
from bootstrap.lab.registry import configuration, ensure_program, push
from bootstrap.lab.spec import GATEWAY
from bootstrap.lab.state import LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

PACKAGES_PORT, IMAGES_PORT = 8080, 5000
PACKAGES_URL, IMAGES_URL = f"http://{GATEWAY}:{PACKAGES_PORT}", f"http://{GATEWAY}:{IMAGES_PORT}"
_START_S, _END_S, _REGISTRY_S = 180.0, 10.0, 20.0


@dataclass(frozen=True)
class MirrorState:
    """Paths of one lab's mirror."""

    lab: LabState

    @property
    def tree(self) -> MirrorTree:
        """What it serves."""
        return MirrorTree(self.lab.folder / "mirror")

    @property
    def lock(self) -> Path:
        """Held by the process as long as it lives; holds its process id."""
        return self.lab.folder / "mirror.lock"

    @property
    def ready(self) -> Path:
        """There while it serves all."""
        return self.lab.folder / "mirror.ready"

    @property
    def log(self) -> Path:
        """What it and the registry said."""
        return self.lab.folder / "mirror.log"


def ensure_mirror(lab: LabState, bundle: Path, say: Say) -> None:
    """What the mirror serves is there; nothing runs yet."""
    ensure_program(say)
    ensure_tree(MirrorState(lab).tree, bundle)


def start_mirror(lab: LabState, bundle: Path) -> None:
    """Starts it unless it serves, and waits until it does; raises KB1303 when it does not come up."""
    state = MirrorState(lab)
    process = None
    if _process(state) is None:
        state.ready.unlink(missing_ok=True)
        with state.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bootstrap.lab.mirror", str(lab.folder), str(bundle)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={**environment(), "PYTHONPATH": str(PACKAGE_ROOT)},
                start_new_session=True,
            )
    deadline = time.monotonic() + _START_S
    while not state.ready.exists():
        if time.monotonic() > deadline or (process is not None and process.poll() is not None):
            told = "\n".join(state.log.read_text().splitlines()[-8:])
            raise KbootError(Code.LAB_COMMAND_FAILED, "the lab's mirror does not come up", evidence=told)
        time.sleep(0.1)


def stop_mirror(lab: LabState) -> None:
    """Ends the process and its registry; nothing to do where none runs."""
    state = MirrorState(lab)
    for number in (signal.SIGTERM, signal.SIGKILL):
        process = _process(state)
        if process is None:
            return
        os.kill(process, number)
        deadline = time.monotonic() + _END_S
        while _process(state) is not None and time.monotonic() < deadline:
            time.sleep(0.05)


def main() -> None:
    """Serves until it is told to end."""
    state, bundle = MirrorState(LabState(Path(sys.argv[1]))), Path(sys.argv[2])
    handle = os.open(state.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.ftruncate(handle, 0)
    os.write(handle, f"{os.getpid()}\n".encode())
    signal.signal(signal.SIGTERM, _ended)
    enter_network(str(state.lab.netns))
    registry = _registry(state)
    try:
        _fill(bundle, registry)
        handler = partial(SimpleHTTPRequestHandler, directory=str(state.tree.served))
        with ThreadingHTTPServer((GATEWAY, PACKAGES_PORT), handler) as server:
            state.ready.touch()
            server.serve_forever()
    finally:
        state.ready.unlink(missing_ok=True)
        registry.kill()


def _registry(state: MirrorState) -> "subprocess.Popen[bytes]":
    config = state.tree.folder / "registry.yml"
    config.write_text(configuration(state.tree.folder / "registry", f"{GATEWAY}:{IMAGES_PORT}"))
    # setpriv: a registry whose parent was killed must not stay behind and hold the lab's network namespace.
    argv = ["setpriv", "--pdeathsig", "KILL", str(ensure_program(print)), "serve", str(config)]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, cwd="/", env={"OTEL_TRACES_EXPORTER": "none"})


def _fill(bundle: Path, registry: "subprocess.Popen[bytes]") -> None:
    """Pushes all images, as soon as the registry listens."""
    from bootstrap.model.lock import BundleLock  # noqa: PLC0415 - pydantic: no help page waits for it

    lock = BundleLock.from_yaml((bundle / "bundle.yaml").read_text())
    images = [file for file in lock.files if file.kind == "image"]
    deadline = time.monotonic() + _REGISTRY_S
    for image in images:
        while True:
            try:
                push(f"{GATEWAY}:{IMAGES_PORT}", bundle / image.path, image)
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline or registry.poll() is not None:
                    raise
                time.sleep(0.1)


def _process(state: MirrorState) -> int | None:
    """The process id of who holds the lock; None when nobody does."""
    try:
        with state.lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0) or None
    except FileNotFoundError:
        return None
    return None


def _ended(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
