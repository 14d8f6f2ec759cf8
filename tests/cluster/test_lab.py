"""The lab, on real hosts: they look like a hoster's, they boot and fall like metal, and leave the machine as it was."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bootstrap.lab import power
from tests.cluster.conftest import NewLab
from tests.cluster.lab import Lab

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def pair(new_lab: NewLab) -> Lab:
    """Two hosts, as `lab up` makes them when nothing else is asked."""
    return new_lab("--hosts", "2")


def test_a_host_has_booted_whole_and_nothing_has_failed(pair: Lab) -> None:
    host = pair.host("cp1")

    assert host.run("systemctl is-system-running --wait").stdout.strip() == "running"
    assert host.check_output("systemctl --failed --no-legend") == ""
    assert host.check_output("hostname") == "cp1"


def test_its_user_is_no_root_but_may_become_it(pair: Lab) -> None:
    host = pair.host("cp1")

    assert host.user().name == "admin"
    with host.sudo():
        assert host.user().name == "root"


def test_nothing_of_kubernetes_is_installed(pair: Lab) -> None:
    host = pair.host("w1")

    for package in ("kubelet", "kubeadm", "kubectl", "containerd", "containerd.io", "docker.io", "ufw", "conntrack"):
        assert not host.package(package).is_installed
    assert not host.file("/etc/kubernetes").exists


def test_a_host_can_be_given_modules_sysctls_and_cgroups_as_metal_can(pair: Lab) -> None:
    host = pair.host("w1")

    with host.sudo():
        assert host.run("modprobe overlay && modprobe br_netfilter").rc == 0
        assert host.run("sysctl -w net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1").rc == 0
        assert host.run("test -w /dev/kmsg && findmnt -no PROPAGATION / | grep shared").rc == 0
        assert host.run("systemd-run --wait -p MemoryMax=64M true").rc == 0


def test_hosts_reach_each_other_and_nothing_beyond_the_lab(pair: Lab) -> None:
    host = pair.host("cp1")

    assert host.addr("10.77.0.12").port(22).is_reachable
    began = time.monotonic()
    assert host.run("curl -sm 20 http://192.0.2.1").rc == 7
    assert host.run("getent hosts name.example").rc == 2
    assert time.monotonic() - began < 10


def test_up_again_changes_nothing(pair: Lab) -> None:
    before = (pair.boot_id("cp1"), pair.boot_id("w1"), pair.inventory.read_text())

    pair.lab("up")

    assert (pair.boot_id("cp1"), pair.boot_id("w1"), pair.inventory.read_text()) == before


@pytest.mark.parametrize("how", [("reboot",), ("power-cut", "start"), ("stop", "start")])
def test_a_boot_loses_what_metal_loses_and_keeps_what_metal_keeps(pair: Lab, how: tuple[str, ...]) -> None:
    host = pair.host("w1")
    before = pair.boot_id("w1")
    with host.sudo():
        host.check_output(
            "ip link add left0 type bridge; touch /run/left; sysctl -qw kernel.panic=77;"
            " nohup sleep 600 >/dev/null 2>&1 &"
        )
        host.check_output("echo kept >/var/kept && sync && ip -br link show left0")

    for command in how:
        pair.lab(command, "w1")

    assert pair.boot_id("w1") != before
    assert host.run("ip link show left0").rc == 1
    assert not host.file("/run/left").exists
    assert host.check_output("pgrep -cx sleep || true") == "0"
    assert host.check_output("cat /proc/sys/kernel/panic") != "77"
    assert host.file("/var/kept").content_string == "kept\n"


def test_a_reboot_from_inside_brings_the_host_back_and_poweroff_does_not(pair: Lab) -> None:
    before = pair.boot_id("w1")
    pair.lab("ssh", "w1", "sudo systemd-run --on-active=1 --timer-property=AccuracySec=50ms systemctl reboot")
    state = pair.state.host("w1")
    first_boot = power.boot_time(state)
    assert _until(lambda: power.boot_time(state) not in {None, first_boot})
    pair.lab("start", "w1")
    assert pair.boot_id("w1") != before

    pair.lab("ssh", "w1", "sudo systemd-run --on-active=1 --timer-property=AccuracySec=50ms systemctl poweroff")
    assert _until(lambda: not power.has_power(state))
    assert "off" in pair.lab("status").out
    pair.lab("start")


def test_status_shows_state_address_uptime_and_memory(pair: Lab) -> None:
    rows = yaml.safe_load(pair.lab("status", "--output", "json").out)["hosts"]

    assert [(row["name"], row["state"], row["address"]) for row in rows] == [
        ("cp1", "up", "10.77.0.11"),
        ("w1", "up", "10.77.0.12"),
    ]
    assert all(1 << 20 < row["memoryBytes"] < 1 << 30 and 0 <= row["uptimeSeconds"] < 3600 for row in rows)


def test_scp_and_ssh_reach_hosts_by_the_printed_config(pair: Lab, tmp_path: Path) -> None:
    config = tmp_path / "ssh_config"
    config.write_text(pair.lab("ssh-config").out)
    (tmp_path / "blob").write_bytes(os.urandom(3_000_000))

    subprocess.run(["scp", "-qF", config, tmp_path / "blob", "cp1:blob"], check=True, timeout=60)
    subprocess.run(["scp", "-qF", config, "cp1:blob", tmp_path / "back"], check=True, timeout=60)

    assert (tmp_path / "back").read_bytes() == (tmp_path / "blob").read_bytes()


def test_exec_runs_a_program_of_this_machine_in_the_labs_network(pair: Lab) -> None:
    show = "import os, socket; print(socket.create_connection(('10.77.0.11', 22)).recv(7), os.environ['KUBECONFIG'])"

    seen = pair.lab("exec", "--", "python3", "-c", show).out

    assert seen.startswith("b'SSH-2.0'")
    assert seen.strip().endswith(f"/clusters/{pair.name}/kubeconfig")


def test_an_added_host_leaves_the_others_running(pair: Lab) -> None:
    before = pair.boot_id("cp1")

    pair.lab("up", "--hosts", "3")

    assert pair.boot_id("cp1") == before
    assert pair.host("w2").check_output("hostname") == "w2"
    assert [host["name"] for host in pair.wanted["hosts"]] == ["cp1", "w1", "w2"]


def test_a_wish_for_another_lab_or_host_is_refused(pair: Lab) -> None:
    assert "KB1305" in pair.lab("up", "--ssh-port", "2222", code=2).err
    assert "KB1306" in pair.lab("reboot", "w9", code=2).err
    assert "KB1304" in Lab("nosuch", pair.folder).lab("status", code=2).err


def test_a_host_whose_supervisor_is_killed_falls_and_up_raises_it(pair: Lab) -> None:
    state = pair.state.host("w1")
    inside = power.first_process(state)

    os.kill(int(state.lock.read_text()), 9)

    assert _until(lambda: not Path(f"/proc/{inside}").exists())
    pair.lab("up")
    assert pair.host("w1").check_output("hostname") == "w1"


def _until(holds: Callable[[], bool], timeout_s: float = 30) -> bool:
    deadline = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
