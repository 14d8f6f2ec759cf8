"""A lab comes and goes: killed anywhere it is made whole by the same command; it leaves the machine as it was."""

import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bootstrap.environment import CHECKOUT
from tests.cluster import machine
from tests.cluster.conftest import NewLab
from tests.cluster.lab import Lab

pytestmark = pytest.mark.lab


def test_an_edited_inventory_is_neither_overwritten_nor_removed(new_lab: NewLab) -> None:
    lab = new_lab("--hosts", "1")
    lab.inventory.write_text(lab.inventory.read_text() + "# mine\n")

    lab.lab("up")
    assert "KB1308" in lab.lab("up", "--hosts", "2", code=2).err
    lab.lab("down")

    assert lab.inventory.read_text().endswith("# mine\n")


@pytest.mark.parametrize("after_s", [0.4, 0.7, 1.0, 1.4, 2.0, 3.0])
def test_up_may_be_killed_anywhere_and_run_again(new_lab: NewLab, after_s: float) -> None:
    lab = new_lab(up=False)
    _killed(lab.start("lab", "up", "--name", lab.name, "--hosts", "1"), after_s)

    lab.lab("up", "--hosts", "1")

    assert lab.host("cp1").check_output("hostname") == "cp1"
    assert lab.host("cp1").check_output("systemctl is-system-running --wait") == "running"
    lab.lab("down")
    assert machine.processes_naming(lab.name) == []


@pytest.mark.parametrize("after_s", [0.3, 0.45, 0.6, 0.8])
def test_down_may_be_killed_anywhere_and_up_makes_whole_hosts(new_lab: NewLab, after_s: float) -> None:
    lab = new_lab("--hosts", "1")
    _killed(lab.start("lab", "down", "--name", lab.name), after_s)

    lab.lab("up", "--hosts", "1")

    host = lab.host("cp1")
    assert host.check_output("systemctl is-system-running --wait") == "running"
    assert host.check_output("dpkg --verify openssh-server sudo 2>&1 | grep -v ' c ' || true") == ""
    lab.lab("down")
    assert not lab.state.folder.exists()
    assert machine.processes_naming(lab.name) == []


def test_the_machine_is_as_before_when_a_lab_has_come_and_gone(new_lab: NewLab) -> None:
    lab = new_lab(up=False)
    before, offset = machine.picture(lab.name), machine.clock_offset_s()

    lab.lab("up", "--hosts", "2", "--with", "ufw")
    _misbehave(lab)
    lab.lab("reboot")
    lab.lab("power-cut", "w1")
    lab.lab("down")

    assert abs(machine.clock_offset_s() - offset) < 0.5
    after = machine.picture(lab.name)
    for what, was in before.items():
        assert after[what] == was, what
    assert machine.processes_naming(lab.name) == []
    assert not lab.state.folder.exists()
    assert list(lab.folder.iterdir()) == []


def test_in_a_chroot_too_a_hosts_root_is_that_of_its_mount_namespace(tmp_path: Path) -> None:
    """`runc exec` joins a container's mount namespace and lands in that namespace's root, not in a chroot inside it."""
    into = "mount --rbind / $0 && mount -t tmpfs tmpfs $0/mnt && touch $0/mnt/of-the-chroot && exec chroot $0 "
    look = ["nsenter", "--mount=/proc/self/ns/mnt", "ls", "/mnt"]
    here = f"import subprocess, sys; sys.path.insert(0, {str(CHECKOUT)!r}); from bootstrap.lab import namespaces; "

    def seen(first: str) -> str:
        python = shlex.join([sys.executable, "-c", f"{here} {first}; subprocess.run({look}, check=True)"])
        argv = ["unshare", "--mount", "sh", "-c", into + python, str(tmp_path)]
        return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout

    assert "of-the-chroot" not in seen("pass")
    assert "of-the-chroot" in seen("namespaces.leave_mounts()")


def _misbehave(lab: Lab) -> None:
    """All that a host could do to the machine it runs on, and that kubelet and kubeadm do to the host they are on."""
    host = lab.host("w1")
    with host.sudo():
        host.run("date -s 2031-01-01")
        host.run("fallocate -l 8M /swapfile && mkswap /swapfile && swapon /swapfile || true")
        host.run("swapoff -a || true")
        host.run(
            "sysctl -w vm.overcommit_memory=2 kernel.panic=99 kernel.pid_max=70000 fs.inotify.max_user_instances=999"
        )
        host.run("ip route add 198.51.100.0/24 via 10.77.0.1; ip link add mine0 type bridge; hostname other")
        host.run("nft add table ip mine; mkdir -p /sys/fs/cgroup/memory/mine /sys/fs/cgroup/pids/mine/below")


def _killed(process: "subprocess.Popen[str]", after_s: float) -> None:
    with process:
        time.sleep(after_s)
        process.kill()
