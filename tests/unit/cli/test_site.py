"""Connections that a command leaves."""

import socket
import time
from contextlib import suppress
from pathlib import Path

from bootstrap.cli.site import connections, find_site


def left_by_an_error(inventory: Path, silent: socket.socket) -> float:
    """Seconds from the error to the end."""
    began = 0.0
    with suppress(OSError), connections(find_site(inventory)):
        silent.accept()
        began = time.monotonic()
        raise OSError("no space left on device")
    return time.monotonic() - began


def test_an_error_before_the_first_question_waits_for_no_login(tmp_path: Path) -> None:
    """A journal that cannot be written, say: whoever made the mistake learns of it at once."""
    inventory = tmp_path / "lab.yaml"
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it accepts, and says nothing
        inventory.write_text(
            f"apiVersion: kboot/v1\nssh: {{user: admin, port: {silent.getsockname()[1]}}}\n"
            "hosts: [{name: cp1, address: 127.0.0.1, nodeIP: 192.0.2.1, role: control-plane}]\n"
        )
        assert left_by_an_error(inventory, silent) < 2
