"""Ctrl-C while a script runs on a host: the second one leaves at once, and what runs there is not touched."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.transport.errors import HostLost, Unreachable
from bootstrap.transport.ssh import SshContext
from tests.fake_host import wait_until
from tests.ssh.silent_proxy import SilentProxy
from tests.ssh.sshd import Sshd, User

_SOON_S = 8.0  # it takes one; without the cut it was the script's minute, or the connection's ten seconds

# kboot's own boundary, connections and runner around one long script, in a process of its own to press Ctrl-C on.
_PROGRAM = """\
import signal, sys
from functools import partial
from pathlib import Path
import click
from bootstrap.cli.boundary import guarded
from bootstrap.cli.site import connections, find_site
from bootstrap.run.parallel import interruptible

pressed = []
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it

def on_interrupt():
    pressed.append(1)
    if len(pressed) == int(sys.argv[2]):
        raise KeyboardInterrupt
    print("heard", flush=True)

def main():
    with connections(find_site(Path(sys.argv[1]))) as hosts:
        interruptible(partial(hosts["cp1"].run, sys.argv[3], timeout_s=100), on_interrupt)

sys.exit(guarded(click.Command("up", callback=main), []))
"""


def inventory(sshd: Sshd, user: User, folder: Path, port: int) -> Path:
    known = folder / "known_hosts"
    known.write_text(" ".join((f"[127.0.0.1]:{port}", *sshd.known_hosts.read_text().split()[1:])) + "\n")
    path = folder / "lab.yaml"
    path.write_text(
        "apiVersion: kboot/v1\n"
        f"ssh: {{user: {user.name}, port: {port}, key: {sshd.client_key}, knownHosts: {known}}}\n"
        "hosts: [{name: cp1, address: 127.0.0.1, nodeIP: 192.0.2.1, role: control-plane}]\n"
    )
    return path


def started(path: Path, presses: int, script: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(path), str(presses), script],
        cwd=Path(__file__).parent.parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def seconds_to_leave(process: "subprocess.Popen[str]") -> float:
    """Press Ctrl-C (the last time) and wait for the end, which must be exit 130."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(20) == 130
    finally:
        process.kill()
    return time.monotonic() - began


def test_the_second_ctrl_c_leaves_at_once_and_what_runs_on_the_host_runs_on(
    sshd: Sshd, free_user: User, tmp_path: Path
) -> None:
    mark = tmp_path / "pid"
    script = f"setsid sh -c 'echo $$ >{mark}.new; mv {mark}.new {mark}; exec sleep 60'"
    process = started(inventory(sshd, free_user, tmp_path, sshd.port), 2, script)
    wait_until(mark.exists)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "heard\n"
    assert seconds_to_leave(process) < _SOON_S
    act = int(mark.read_text())
    time.sleep(0.3)
    os.kill(act, signal.SIGTERM)  # raises ProcessLookupError if the act had not outlived its connection


def test_ctrl_c_while_a_server_says_nothing_leaves_at_once(sshd: Sshd, free_user: User, tmp_path: Path) -> None:
    proxy = SilentProxy(sshd.port)
    proxy.silence.set()
    try:
        process = started(inventory(sshd, free_user, tmp_path, proxy.port), 1, "true")
        wait_until(lambda: proxy.connections > 0)
        assert seconds_to_leave(process) < _SOON_S
    finally:
        proxy.close()


def test_an_aborted_connection_ends_its_exec_and_opens_no_other(sshd: Sshd, free_user: User, tmp_path: Path) -> None:
    context, mark = SshContext(), tmp_path / "mark"
    host = context.connect("node-1", sshd.settings(free_user.name))
    ends: list[BaseException] = []

    def run() -> None:
        try:
            host.run(f"touch {mark}; sleep 50", timeout_s=60)
        except HostLost as error:
            ends.append(error)

    ended = in_thread(run)
    wait_until(mark.exists)
    began = time.monotonic()
    context.abort()
    wait_until(ended, 20)
    assert time.monotonic() - began < 20, "it did not wait for the script"
    assert len(ends) == 1
    with pytest.raises(Unreachable, match="leaving"):
        host.run("true", timeout_s=10)


def in_thread(task: Callable[[], None]) -> Callable[[], bool]:
    """Start the task; tells whether it has ended."""
    thread = threading.Thread(target=task, daemon=True)
    thread.start()
    return lambda: not thread.is_alive()
