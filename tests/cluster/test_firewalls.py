"""Firewalls that are not ufw's: refused with the lines to add, which work as they are printed, over a
reboot too; and ufw turned on."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.lab import Done
from tests.cluster.scene import Scene, scene_of
from tests.cluster.state import assert_whole

pytestmark = pytest.mark.cluster
CHECK = "firewall-understood"
# What listens where kubelet would, and who asks there: nothing but the firewall decides.
LISTEN = """systemd-run --quiet --unit=asked perl -MIO::Socket::INET -e '
my $s = IO::Socket::INET->new(LocalPort => 10250, Listen => 5, ReuseAddr => 1); while (my $c = $s->accept) { close $c }'
"""
ASK = "timeout 3 bash -c '</dev/tcp/10.77.0.11/10250' 2>/dev/null && echo open || echo closed"


@pytest.mark.drawn("firewalls", seconds=45)
def test_nftables_drop(bundle: Path, tmp_path: Path) -> None:
    _refused_until_its_lines_are_typed(bundle, tmp_path, "nftables-drop", "sudo nft insert rule inet filter input")


@pytest.mark.drawn("firewalls", seconds=45)
def test_iptables_drop(bundle: Path, tmp_path: Path) -> None:
    _refused_until_its_lines_are_typed(bundle, tmp_path, "iptables-drop", "sudo iptables -I INPUT")


@pytest.mark.drawn("firewalls", seconds=120)
def test_firewalld(bundle: Path, tmp_path: Path) -> None:
    """As an admin has it: `up` is refused, what it prints is typed, and `up` goes through to a whole cluster."""
    with scene_of(tmp_path, bundle, "--hosts", "2", "--with", "firewalld") as scene:
        done = scene.kboot("up", code=6)
        assert "no firewall" not in done.out
        told = re.findall(r"next: on (\w+):\n((?: +(?:sudo|#).*\n)+)", done.out)
        assert [name for name, _ in told] == ["cp1", "w1"]
        for name, lines in told:
            assert "sudo firewall-cmd --permanent --zone=public" in lines
            scene.sh(name, f"set -e\n{lines}")
        scene.kboot("up")
        assert_whole(scene, "cp1", "w1")
        assert set(scene.rows(scene.kboot("up", "-o", "json")).values()) == {"ok"}


@pytest.mark.drawn("firewalls", seconds=35)
def test_firewall_enabled_turns_ufw_on_and_keeps_the_admin_in(bundle: Path, tmp_path: Path) -> None:
    """A bare host without ufw, sshd on 2222 and 22 as well; ufw comes from the bundle."""
    with scene_of(tmp_path, bundle, "--hosts", "1", "--ssh-port", "2222") as scene:
        scene.sh("cp1", "echo Port 22 >>/etc/ssh/sshd_config.d/10-hoster.conf; systemctl restart ssh")
        scene.edit_inventory(lambda wanted: wanted["cluster"].update(firewall="enabled"))
        steps = (
            "sysctls-set,package-source-trusted,ufw-installed,firewall-open"  # without forwarding ufw says no policy
        )
        scene.kboot("up", "--only", steps)
        status = scene.sh("cp1", "ufw status verbose")
        assert "Status: active" in status
        assert "deny (incoming)" in status
        assert "deny (routed)" in status
        assert {"2222/tcp", "22/tcp", "6443/tcp"} <= set(status.split())
        assert set(scene.rows(scene.kboot("up", "--only", steps, "-o", "json")).values()) == {"ok"}
        scene.lab("reboot")
        assert "Status: active" in scene.sh("cp1", "ufw status")


def _refused_until_its_lines_are_typed(bundle: Path, folder: Path, trouble: str, like: str) -> None:
    with scene_of(folder, bundle, "--hosts", "2", "--with", trouble) as scene:
        scene.sh("cp1", LISTEN)
        assert scene.sh("w1", ASK).strip() == "closed"
        refused = _advised(scene.kboot("plan", "up", "--only", CHECK, "-o", "json", code=6))
        assert set(refused) == {"cp1", "w1"}
        for name, advice in refused.items():
            lines = [line for line in advice.splitlines() if line.startswith("sudo ")]
            assert any(line.startswith(like) for line in lines)
            scene.sh(name, "\n".join(["set -e", *lines, _kept(advice, lines)]))
        assert _advised(scene.kboot("plan", "up", "--only", CHECK, "-o", "json")) == {}
        assert scene.sh("w1", ASK).strip() == "open"
        scene.lab("reboot", "w1")
        assert _advised(scene.kboot("plan", "up", "--only", CHECK, "-o", "json")) == {}
        _leaving_it_asks_nothing(scene)


def _kept(advice: str, lines: list[str]) -> str:
    """What the last line tells for a reboot, typed."""
    if found := re.search(r"keep them over a reboot: (sudo .*) \(package", advice):
        return found[1]
    assert "append these lines, without `sudo nft` and quotes, to /etc/nftables.conf" in advice
    bare = (line.removeprefix("sudo nft ").replace("'", "") for line in lines)
    return "\n".join(["cat >>/etc/nftables.conf <<END", *bare, "END"])


def _leaving_it_asks_nothing(scene: Scene) -> None:
    scene.edit_inventory(lambda wanted: wanted["cluster"].update(firewall="leave"))
    done = scene.kboot("plan", "up", "--only", f"{CHECK},firewall-open")
    assert "Nothing to change" in done.out


def _advised(done: Done) -> dict[str, str]:
    """host -> what the check advises; none where it holds."""
    rows: list[dict[str, Any]] = done.json["rows"]
    return {row["target"]: row["advice"] for row in rows if row["step"] == CHECK and row["decision"] == "blocked"}
