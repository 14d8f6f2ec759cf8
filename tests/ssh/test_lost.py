"""Connections that die: never a guess about what ran, and never a wait without end."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bootstrap.transport.connection import Completed
from bootstrap.transport.errors import HostLost, Unreachable
from bootstrap.transport.settings import SshSettings
from bootstrap.transport.ssh import Ssh
from tests.fake_host import wait_until
from tests.ssh.conftest import Connect
from tests.ssh.silent_proxy import SilentProxy
from tests.ssh.sshd import Sshd, User

_SEEN_WITHIN_S = 30.0


@dataclass(frozen=True)
class Waits:
    """What takes half a minute each."""

    quiet: Future[Completed]
    acknowledging: Future[float]
    silent: Future[float]


@pytest.fixture(scope="module", autouse=True)
def waits(tmp_path_factory: pytest.TempPathFactory, client_key: Path, free_user: User) -> Iterator[Waits]:
    """All three at once, beside the other tests, on a server whose connections nobody cuts."""
    server = Sshd(tmp_path_factory.mktemp("patient") / "server", client_key)
    acknowledging, silent = SilentProxy(server.port), SilentProxy(server.port)
    silent.silence.set()
    hosts = [Ssh("node-1", server.settings(free_user.name))]
    hosts += [Ssh("node-1", through(proxy, server, free_user)) for proxy in (acknowledging, silent)]
    with ThreadPoolExecutor() as pool:
        yield Waits(
            pool.submit(hosts[0].run, "sleep 27; echo done", timeout_s=100),
            pool.submit(_seconds_until_lost, hosts[1], acknowledging),
            pool.submit(_seconds_until_unreachable, hosts[2]),
        )
    for host in hosts:
        host.close()
    acknowledging.close()
    silent.close()
    server.stop()


def through(proxy: SilentProxy, sshd: Sshd, user: User) -> SshSettings:
    kind_and_key = sshd.known_hosts.read_text().split()[1:]
    known_hosts = sshd.folder / f"known_hosts_{proxy.port}"
    known_hosts.write_text(" ".join((f"[127.0.0.1]:{proxy.port}", *kind_and_key)) + "\n")
    return sshd.settings(user.name, port=proxy.port, known_hosts_path=known_hosts)


def _seconds_until_lost(host: Ssh, proxy: SilentProxy) -> float:
    """How long after the peer fell silent."""
    host.run("true", timeout_s=20)
    threading.Timer(1.0, proxy.silence.set).start()
    started = time.monotonic()
    with pytest.raises(HostLost):
        host.run("sleep 100", timeout_s=100)
    return time.monotonic() - started - 1.0


def _seconds_until_unreachable(host: Ssh) -> float:
    started = time.monotonic()
    with pytest.raises(Unreachable):
        host.run("true", timeout_s=60)
    return time.monotonic() - started


def test_a_connection_lost_in_the_middle_of_an_act_has_an_unknown_outcome(
    sshd: Sshd, free_user: User, connect: Connect, tmp_path: Path
) -> None:
    host = connect(sshd.settings(free_user.name))
    mark = tmp_path / "started"
    threading.Thread(target=_cut_when, args=(mark, sshd), daemon=True).start()
    started = time.monotonic()
    with pytest.raises(HostLost) as caught:
        host.run(f"echo half >&2; touch {mark}; sleep 60", timeout_s=60)
    assert time.monotonic() - started < 30
    assert caught.value.evidence == "half"
    assert "unknown" in caught.value.problem


def test_the_next_run_after_a_lost_connection_opens_a_new_one(sshd: Sshd, free_user: User, connect: Connect) -> None:
    host = connect(sshd.settings(free_user.name))
    host.run("true", timeout_s=20)
    sshd.cut_connections()
    # Before its death is seen here nobody can know whether a script arrived: that is HostLost.
    wait_until(lambda: not host._connection.is_connected)
    assert host.run("echo back", timeout_s=20).text == "back\n"


def test_a_booting_host_is_waited_for(sshd: Sshd, free_user: User, connect: Connect, client_key: Path) -> None:
    later = Sshd(sshd.folder / "later", client_key, start=False)
    timer = threading.Timer(1.0, later.start)
    timer.start()
    try:
        host = connect(later.settings(free_user.name, patience_s=10.0))
        assert host.run("echo up", timeout_s=20).text == "up\n"
    finally:
        timer.join()
        later.stop()


def test_a_server_that_takes_the_connection_and_says_nothing_is_unreachable(waits: Waits) -> None:
    assert waits.silent.result(90) < _SEEN_WITHIN_S


def test_a_peer_that_only_acknowledges_is_lost_within_30_s(waits: Waits) -> None:
    assert waits.acknowledging.result(90) < _SEEN_WITHIN_S


def test_a_long_quiet_script_is_not_taken_for_a_dead_host(waits: Waits) -> None:
    assert waits.quiet.result(90).text == "done\n"


def _cut_when(mark: Path, sshd: Sshd) -> None:
    wait_until(mark.exists)
    sshd.cut_connections()
