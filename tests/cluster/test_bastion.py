"""A whole `up` through a bastion: the hosts have no way to the operator's machine, only to the host in between."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster
OPERATOR, BASTION = "10.77.0.1", "w1"
# A route that only this host has not: every packet back to the operator is dropped, to everyone else all goes its way.
CUT_OFF = f"ip route add blackhole {OPERATOR}/32"


@pytest.fixture(scope="module")
def scene(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """cp1 behind w1, which is no part of the cluster; both keys still unknown to the operator."""
    with scene_of(tmp_path_factory.mktemp("bastion"), bundle, "--hosts", "2") as made:
        addresses = {host["name"]: host["address"] for host in made.wanted["hosts"]}

        def behind(wanted: dict[str, Any]) -> None:
            wanted["hosts"] = [host for host in wanted["hosts"] if host["name"] != BASTION]
            wanted["ssh"].update(
                bastion=f"{wanted['ssh']['user']}@{addresses[BASTION]}", knownHosts=str(made.folder / "known_hosts")
            )

        made.edit_inventory(behind)
        made.sh("cp1", f"systemd-run --quiet --on-active=1 {CUT_OFF}")  # later, for it cuts this very login off too
        yield made


@pytest.mark.drawn("bastion", 105)
def test_up_through_a_bastion_of_which_no_key_is_known_yet(scene: Scene) -> None:
    refused = scene.kboot("up", code=5)
    told = refused.out + refused.err
    assert "bastion 10.77.0.12" in told
    assert "hosts trust 10.77.0.12" in told, "the command that it names is one that exists"
    scene.kboot("hosts", "trust", "--yes", "10.77.0.12")
    scene.kboot("hosts", "trust", "--yes")
    before = _log(scene)
    scene.kboot("up")
    logins, execs = _log(scene)
    assert logins - before[0] == 1 + 1, "one connection for all hosts behind it, and this look at its log"
    assert execs - before[1] == 0 + 1, "nothing was run on the bastion"
    assert "cp1" in scene.kubectl("get", "nodes"), "kboot kubectl goes the same way"
    done = scene.kboot("up", "-o", "json")
    assert set(scene.rows(done).values()) == {"ok"}
    assert "admin" in scene.kboot("ssh", "cp1", "--", "id").out
    scene.kboot("ssh", "cp1", "--", "sudo", "ip", "route", "del", "blackhole", OPERATOR)
    assert_whole(scene, "cp1")


def _log(scene: Scene) -> tuple[int, int]:
    """(logins, execs) that the bastion's sshd has logged; sshd says both at LogLevel VERBOSE."""
    log = scene.sh(BASTION, "journalctl -b -o cat _COMM=sshd")
    return log.count("Accepted publickey"), log.count("Starting session:")
