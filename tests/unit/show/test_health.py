"""What an admin asks in the morning, in one screen."""

from datetime import UTC, datetime, timedelta

from bootstrap.show.health import Expiry, Health, Node, Pod, health_lines

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
READY = Node("cp1", "Ready", ("control-plane",), "v1.36.3", "10.0.0.1")
DOWN = Node("w1", "NotReady, cordoned", (), "v1.36.3", "10.0.0.2", "network plugin is not ready:\n cni config missing")
PODS = (
    Pod("web", "page-1", "", "Pending", "Unschedulable: 0/2 nodes are available"),
    Pod(
        "kube-system", "coredns-1", "cp1", "Running", "CrashLoopBackOff: back-off (last ended with Error, exit code 1)"
    ),
)


def held(name: str, days: float, *, authority: bool = False) -> Expiry:
    """A certificate of cp1 that ends in so many days."""
    return Expiry("cp1", name, NOW + timedelta(days=days), authority)


LASTING = (held("apiserver", 364.5), held("etcd/server", 364.9), held("ca", 3649.2, authority=True))
WELL = Health(NOW, (READY,), (), LASTING)
ILL = Health(NOW, (READY, DOWN), PODS, (held("apiserver", 12), held("admin.conf", -2.5), LASTING[2]), keys=LASTING[:1])


def told(health: Health) -> list[str]:
    """The lines without their styles."""
    return [line.plain for line in health_lines(health)]


def test_a_cluster_that_is_well_takes_few_lines() -> None:
    assert told(WELL) == [
        "NODE  STATUS  ROLES          KUBELET  ADDRESS",
        "cp1   Ready   control-plane  v1.36.3  10.0.0.1",
        "✓ every pod that should run is Ready",
        "✓ certificates: the first ends in 364 days, apiserver on cp1, 2027-11-21",
        "✓ authorities: the first ends in 3649 days, ca on cp1, 2036-11-17",
    ]


def test_what_is_not_ready_is_named_with_its_reason_the_clusters_own_first() -> None:
    lines = told(ILL)
    assert lines[2:7] == [
        "w1    NotReady, cordoned  -              v1.36.3  10.0.0.2",
        "    network plugin is not ready: cni config missing",
        "✗ 2 pods are not Ready",
        "    kube-system/coredns-1 on cp1: Running, CrashLoopBackOff: back-off (last ended with Error, exit code 1)",
        "    web/page-1: Pending, Unschedulable: 0/2 nodes are available",
    ]


def test_what_ended_and_what_ends_soon_is_named() -> None:
    lines = told(ILL)
    assert "✗ certificates: the first ended 3 days ago, admin.conf on cp1, 2026-11-19" in lines
    assert "    soon or over: admin.conf on cp1, 2026-11-19, apiserver on cp1, 2026-12-03" in lines
    assert lines[-1].startswith("✓ package keys: the first ends in 364 days")


def test_of_many_pods_ten_are_named_and_the_rest_counted() -> None:
    many = Health(NOW, (READY,), tuple(Pod("kube-system", f"p{number}", "", "Pending", "") for number in range(14)))
    assert told(many)[-1] == "    … 4 more: kboot kubectl get pods -A"
    assert len(told(many)) == 14


def test_a_cluster_that_cannot_be_asked_says_why() -> None:
    assert told(Health(NOW, silence="the API server does not answer: refused")) == [
        "nodes: the API server does not answer: refused"
    ]


def test_a_key_without_an_end_is_not_spoken_of() -> None:
    assert told(Health(NOW, keys=(Expiry("w1", "key", None),))) == []
