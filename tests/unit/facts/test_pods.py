"""Pods that are not as they should be: what the fact makes of what kubectl's template prints."""

from bootstrap.facts.pods import UNREADY_PODS, UnreadyPod
from bootstrap.model.answer import Absent, Known, Unreadable
from bootstrap.model.fact import Output

PRINTED = (
    "pod\tkube-system\tcoredns-1\t\tPending\n"
    'why\tUnschedulable\t"0/1 nodes are available: 1 node(s) had\\n untolerated taint {a: \\"b\\"}"\n'
    "pod\tkube-system\tmetrics-server-1\tw1\tRunning\n"
    'why\tCrashLoopBackOff\t"back-off 10s restarting failed container"\n'
    "last\tError\t1\n"
    "pod\tweb\tpage-1\tw1\tPending\n"
    'why\tPodInitializing\t\nwhy\tErrImagePull\t"pull failed\\a"\n'
    "pod\tweb\tslow\tw1\tRunning\n"
)


def test_each_pod_with_the_reason_that_tells_most() -> None:
    assert UNREADY_PODS.read(Output(0, PRINTED)) == Known(
        (
            UnreadyPod(
                "kube-system", "coredns-1", "", "Pending",
                'Unschedulable: 0/1 nodes are available: 1 node(s) had untolerated taint {a: "b"}',
            ),
            UnreadyPod(
                "kube-system", "metrics-server-1", "w1", "Running",
                "CrashLoopBackOff: back-off 10s restarting failed container (last ended with Error, exit code 1)",
            ),
            UnreadyPod("web", "page-1", "w1", "Pending", "ErrImagePull: pull failed\\a"),
            UnreadyPod("web", "slow", "w1", "Running", ""),
        )
    )  # fmt: skip


def test_none_is_an_answer_too() -> None:
    assert UNREADY_PODS.read(Output(0, "")) == Known(())


def test_no_control_plane_and_a_silent_one_are_two_things() -> None:
    assert isinstance(UNREADY_PODS.read(Output(44, "")), Absent)
    assert isinstance(UNREADY_PODS.read(Output(1, "", "connection refused")), Unreadable)
