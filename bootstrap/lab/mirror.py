"""A lab's mirror: `python -m bootstrap.lab.mirror FOLDER BUNDLE` serves packages and images inside the lab's network.

One process with the registry as its child; it holds a lock for life, as a host's supervisor does.
"""

import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType

from bootstrap.lab import daemon
from bootstrap.lab.command import EVIDENCE_LINES
from bootstrap.lab.machine import Say
from bootstrap.lab.mirror_tree import MirrorTree, ensure_tree
from bootstrap.lab.namespaces import enter_network
from bootstrap.lab.registry import configuration, ensure_program, listens, push
from bootstrap.lab.spec import GATEWAY
from bootstrap.lab.state import LabState
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

PACKAGES_PORT, IMAGES_PORT = 8080, 5000
IMAGES_ADDRESS = f"{GATEWAY}:{IMAGES_PORT}"
PACKAGES_URL, IMAGES_URL = f"http://{GATEWAY}:{PACKAGES_PORT}", f"http://{IMAGES_ADDRESS}"
FILL_TIMEOUT_S, LISTEN_TIMEOUT_S = 180.0, 20.0


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
    """Starts it unless it lives, and waits until it serves; raises KB1303 when it does not come up."""
    state = MirrorState(lab)
    if not daemon.lives(state.lock):
        state.ready.unlink(missing_ok=True)
        daemon.start("bootstrap.lab.mirror", (str(lab.folder), str(bundle)), lock=state.lock, log=state.log)
    daemon.until(lambda: state.ready.exists() or not daemon.lives(state.lock), FILL_TIMEOUT_S)
    if not state.ready.exists():
        told = "\n".join(state.log.read_text().splitlines()[-EVIDENCE_LINES:])
        raise KbootError(Code.LAB_COMMAND_FAILED, "the lab's mirror does not come up", evidence=told)


def stop_mirror(lab: LabState) -> None:
    """Ends the process and its registry; nothing to do where none runs. Raises KB1309 when it does not end."""
    if not daemon.end(MirrorState(lab).lock):
        raise KbootError(Code.LAB_LEFTOVER, "the lab's mirror does not end")


def main() -> None:
    """Serves until it is told to end; a second one of the same lab ends at once."""
    state, bundle = MirrorState(LabState(Path(sys.argv[1]))), Path(sys.argv[2])
    if not daemon.hold(state.lock):
        return
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
    config.write_text(configuration(state.tree.folder / "registry", IMAGES_ADDRESS))
    # setpriv: a registry whose parent was killed must not stay behind and hold the lab's network namespace.
    argv = ["setpriv", "--pdeathsig", "KILL", str(ensure_program(print)), "serve", str(config)]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, cwd="/", env={"OTEL_TRACES_EXPORTER": "none"})


def _fill(bundle: Path, registry: "subprocess.Popen[bytes]") -> None:
    """Pushes all images, as soon as the registry listens; raises ConnectionRefusedError when it never does."""
    from bootstrap.model.lock import BundleLock  # noqa: PLC0415 - pydantic: no help page waits for it

    lock = BundleLock.from_yaml((bundle / "bundle.yaml").read_text())
    daemon.until(lambda: listens(IMAGES_ADDRESS) or registry.poll() is not None, LISTEN_TIMEOUT_S)
    for image in lock.files:
        if image.kind == "image":
            push(IMAGES_ADDRESS, bundle / image.path, image)


def _ended(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
