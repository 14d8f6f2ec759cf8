"""The scripts of facts, run by the shell that hosts have."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bootstrap.facts import cni, kernel, network, packages, services, system
from bootstrap.model.answer import Known
from bootstrap.model.fact import Fact, Output
from bootstrap.model.inventory import Inventory
from bootstrap.model.lock import BundleLock
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.steps import REGISTRY
from tests.unit.programs import put

HOLDING = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""
CASES = Path(__file__).parents[2] / "cases"
# What any Linux machine with iproute2 answers, in a container too.
ANYWHERE = (
    system.SYSTEM,
    system.HARDWARE,
    system.CLOCK,
    system.USER_ID,
    system.free_space(("/usr", "/var/lib/not-there/below")),
    kernel.SWAPS,
    kernel.modules(("overlay", "no_such_module")),
    kernel.sysctls(("net.ipv4.ip_forward", "net.no.such_key")),
    network.INTERFACES,
    network.SOCKETS,
    network.name_addresses("localhost"),
    packages.APT_LOCKS,
    cni.CNI_CONFIGS,
)


def _asked() -> dict[str, Fact[object]]:
    inventory = Inventory.model_validate(yaml.safe_load((CASES / "inventories/lab-of-three.yaml").read_text()))
    lock = BundleLock.from_yaml((CASES / "locks/small.yaml").read_text()).of("1.36.3")
    wanted = Wanted(inventory, RunValues("run", "abcdef", datetime.now(UTC), "kubeconfig"), lock)
    targets = [Target("host", host, wanted) for host in inventory.hosts]
    targets.append(Target("cluster", inventory.first_control_plane, wanted))
    return {
        question.fact.name: question.fact for step in REGISTRY for target in targets for question in step.needs(target)
    }


FACTS = _asked()


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_script_is_posix_shell(name: str) -> None:
    said = subprocess.run(["sh", "-n"], input=FACTS[name].script, text=True, capture_output=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("fact", ANYWHERE, ids=lambda fact: fact.name)
def test_a_linux_machine_answers(fact: Fact[object]) -> None:
    said = subprocess.run(["sh", "-c", fact.script], text=True, capture_output=True, check=False, timeout=60)
    answer = fact.read(Output(said.returncode, said.stdout, said.stderr))
    assert isinstance(answer, Known), answer


def test_a_path_that_is_not_there_yet_counts_where_it_would_be_made() -> None:
    fact = system.free_space(("/", "/not-there/below"))
    said = subprocess.run(["sh", "-c", fact.script], text=True, capture_output=True, check=True)
    answer = fact.read(Output(0, said.stdout))
    assert isinstance(answer, Known)
    assert answer.value["/not-there/below"][0] == answer.value["/"][0] == "/"


def test_a_sysctl_is_read_to_its_end() -> None:
    """The shell's own `read` stops after one byte of a sysctl, so a value of one digit would not show it."""
    fact = kernel.sysctls(("kernel.pid_max", "kernel.no_such_key"))
    said = subprocess.run(["sh", "-c", fact.script], text=True, capture_output=True, check=True)
    wanted = Path("/proc/sys/kernel/pid_max").read_text().strip()
    assert fact.read(Output(0, said.stdout)) == Known({"kernel.pid_max": wanted})


def test_a_held_lock_names_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "lock-frontend"
    lock.touch()
    script = packages.APT_LOCKS.script.replace("/var/lib/dpkg/lock-frontend", str(lock))
    with subprocess.Popen(["python3", "-c", HOLDING, str(lock)], stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            holder.stdout.readline()
            said = subprocess.run(["sh", "-c", script], text=True, capture_output=True, check=True)
        finally:
            holder.kill()
    answer = packages.APT_LOCKS.read(Output(0, said.stdout))
    assert isinstance(answer, Known)
    assert [held.pid for held in answer.value] == [holder.pid]
    assert "python3" in answer.value[0].command


def test_the_port_that_kboot_came_in_by_is_found_behind_sudo() -> None:
    """sudo clears the environment: a process further up still has sshd's word."""
    inner = 'env -i sh -c \'sh -c "$0"\' "$0"; true'
    said = subprocess.run(
        ["sh", "-c", inner, network.LIVE_SSH_PORT.script],
        env={"PATH": "/usr/bin:/bin", "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 2200"},
        text=True,
        capture_output=True,
        check=True,
    )
    assert network.LIVE_SSH_PORT.read(Output(0, said.stdout)) == Known(2200)


def test_units_that_systemd_does_not_hold_are_asked_for_by_name(tmp_path: Path) -> None:
    units = tmp_path / "system"
    units.mkdir()
    (units / "dev-disk-by\\x2duuid-1.swap").touch()
    (units / "masked.swap").symlink_to("/dev/null")
    (units / "k3s.service").symlink_to(tmp_path / "nowhere")
    (units / "other.service").touch()
    put(tmp_path, "systemctl", "for word; do printf '%s\\n' \"$word\"; done")
    script = services.UNITS.script.replace("/usr/local/lib/systemd/system", str(units))
    path = f"{tmp_path}:/usr/bin:/bin"
    said = subprocess.run(["sh", "-c", script], env={"PATH": path}, text=True, capture_output=True, check=True)
    words = said.stdout.splitlines()
    assert {"kubelet", "*.swap", "dev-disk-by\\x2duuid-1.swap", "masked.swap", "k3s.service"} <= set(words)
    assert "rke2-server.service" not in words
    assert "other.service" not in words
