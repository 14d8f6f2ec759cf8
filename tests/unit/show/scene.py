"""A small cluster, toy steps and a run of them, for what the screen shows."""

from datetime import UTC, datetime

from bootstrap.model.action import PutBlob, RemoveFile, Run, WriteFile
from bootstrap.model.codes import Code
from bootstrap.model.decision import Blocked, Change, Decision, Later, Satisfied, Waiting
from bootstrap.model.fact import Facts, Question
from bootstrap.model.inventory import Host, Inventory
from bootstrap.model.plan import Plan, Planned
from bootstrap.model.playbook import Row
from bootstrap.model.report import HostResult, HostStatus, Report, Result, Status
from bootstrap.model.step import Step
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.model.text import Secret, SecretRef, text

TOKEN = Secret("abcdef.0123456789abcdef")
INVENTORY = Inventory(
    api_version="kboot/v1",
    hosts=(
        Host(name="cp1", address="10.0.0.1", role="control-plane"),
        Host(name="w1", address="10.0.0.2"),
        Host(name="w2", address="10.0.0.3"),
    ),
)
RUN = RunValues("run-1", "abcdef", datetime(2026, 1, 1, tzinfo=UTC), "kubeconfig")
WANTED = Wanted(INVENTORY, RUN)


class _Toy(Step):
    def needs(self, target: Target) -> tuple[Question, ...]:
        return ()

    def decide(self, target: Target, facts: Facts) -> Decision:
        return Satisfied()


class SwapOff(_Toy):
    """No swap is in use."""


class ContainerdInstalled(_Toy):
    """containerd is there."""


class WorkerJoined(_Toy):
    """The node has joined."""


class NodesReady(_Toy):
    """Every node is Ready."""


def row(step: type[Step], host: str, phase: str = "host") -> Row:
    """A row of one host, or of the cluster (`@cluster`)."""
    if host == "@cluster":
        return Row(phase, step(), Target("cluster", INVENTORY.first_control_plane, WANTED))
    return Row(phase, step(), Target("host", INVENTORY.host(host), WANTED))


FSTAB = "UUID=1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n"
SWAP = Change(
    "swap is used",
    (
        Run(("swapoff", "-a")),
        WriteFile("/etc/fstab", text(FSTAB.replace("/swapfile", "#/swapfile")), before=FSTAB),
        RemoveFile("/etc/systemd/system/swap.target.wants/x.swap"),
    ),
)
INSTALL = Change(
    "2 packages",
    (
        PutBlob("ab" * 32, 31 << 20, "/var/lib/kboot/blobs/abab"),
        Run(("apt-get", "install", "-y", "containerd.io=2.3.7 1")),
    ),
)
JOIN = Change(
    "join with a token of this run",
    (
        WriteFile("/run/kboot/join.yaml", text("token: ", SecretRef("join-token"), "\n"), mode=0o600),
        Run(("kubeadm", "join", "--config", "/run/kboot/join.yaml"), stdin=text("password ", TOKEN)),
    ),
)


def plan() -> Plan:
    """Every kind of decision."""
    return Plan(
        (
            Planned(row(SwapOff, "cp1"), Satisfied("no swap", "zram is left alone")),
            Planned(row(SwapOff, "w1"), SWAP),
            Planned(row(SwapOff, "w2"), SWAP),
            Planned(row(ContainerdInstalled, "cp1", "runtime"), Satisfied("2.3.7"), asked_again_after="swap-off"),
            Planned(row(ContainerdInstalled, "w1", "runtime"), INSTALL),
            Planned(row(ContainerdInstalled, "w2", "runtime"), Waiting("apt, held by unattended-upgr (pid 812)")),
            Planned(row(WorkerJoined, "w1", "workers"), JOIN),
            Planned(
                row(WorkerJoined, "w2", "workers"),
                Blocked(Code.INTERNAL, "the node belongs to another cluster", "kubeadm reset\nthen run this again"),
            ),
            Planned(row(NodesReady, "@cluster", "cluster"), Later("worker-joined", "every node Ready")),
        ),
        fallen=(("w3", "connect: no route to host"),),
    )


def report(*, failed: bool = False) -> Report:
    """A first run; `failed`: of which one worker was not reached and one join went wrong."""
    results = [
        Result(row(SwapOff, "cp1"), Status.OK, "no swap"),
        Result(row(SwapOff, "w1"), Status.CHANGED, "swap is used", seconds=0.4),
        Result(row(WorkerJoined, "w1", "workers"), Status.CHANGED, "joined", seconds=7.25),
        Result(row(NodesReady, "@cluster", "cluster"), Status.OK, "2 nodes"),
    ]
    hosts = [HostResult("cp1", HostStatus.REACHED), HostResult("w1", HostStatus.REACHED)]
    if failed:
        results[2] = Result(
            row(WorkerJoined, "w1", "workers"),
            Status.FAILED,
            "kubeadm join ended with 1",
            code=Code.INTERNAL,
            evidence="error execution phase preflight\ntoken abcdef.0123456789abcdef refused",
            advice="kboot ssh w1",
            seconds=7.25,
        )
        results[3] = Result(row(NodesReady, "@cluster", "cluster"), Status.NOT_RUN, "stopped at worker-joined")
        hosts.append(
            HostResult("w2", HostStatus.UNREACHABLE, "connect: refused", "is sshd up on w2?", Code.UNREACHABLE)
        )
    return Report("up", tuple(results), tuple(hosts), seconds=161.2)
