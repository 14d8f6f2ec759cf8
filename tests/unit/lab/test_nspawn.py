"""How a host is booted."""

from pathlib import Path

from bootstrap.lab import nspawn
from bootstrap.lab.spec import HostSpec
from bootstrap.lab.state import LabState

HOST = HostSpec("w1", "10.77.0.12", "02:00:00:00:00:01", "0123456789abcdef0123456789abcdef")
STATE = LabState(Path("/state/lab")).host("w1")

GOLDEN = """\
setpriv --pdeathsig KILL systemd-nspawn --quiet
--directory=/state/lab/hosts/w1/root --machine=w1 --uuid=0123456789abcdef0123456789abcdef
--network-namespace-path=/state/lab/hosts/w1/netns --register=no --keep-unit --console=read-only
--capability=all --drop-capability=CAP_SYS_TIME --private-users=no
--system-call-filter=@mount @keyring bpf perf_event_open @module --system-call-filter=~@swap
--resolv-conf=off --timezone=off --link-journal=no
--bind=/state/lab/hosts/w1/containerd:/var/lib/containerd --bind=/state/lab/hosts/w1/docker:/var/lib/docker
-- /usr/lib/kboot-lab/power-on SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"""


def test_the_whole_command_of_a_boot() -> None:
    assert " ".join(nspawn.argv(STATE, HOST, None)) == GOLDEN.replace("\n", " ")


def test_a_machine_with_kernel_modules_shows_them_to_its_hosts_read_only() -> None:
    assert "--bind-ro=/lib/modules/6.1" in nspawn.argv(STATE, HOST, Path("/lib/modules/6.1"))


def test_the_boot_argument_comes_last_because_systemd_reads_it_there() -> None:
    assert nspawn.argv(STATE, HOST, Path("/m"))[-2:] == [nspawn.POWER_ON, "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"]
