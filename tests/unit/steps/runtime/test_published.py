"""Which version is chosen, where an image is asked for, and which images a role needs."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bootstrap.facts.packages import Package
from bootstrap.model.decision import Later
from bootstrap.model.inventory import Inventory
from bootstrap.model.target import Addon, RunValues, Target, Wanted
from bootstrap.steps.runtime.images import role_images
from bootstrap.steps.runtime.published import Published
from bootstrap.steps.runtime.registries import hosts_toml, place_of

RUN = RunValues("r", "abcdef", datetime(2026, 11, 21, tzinfo=UTC), "k")


def supply(**listed: tuple[str, ...]) -> Published:
    names = {name.replace("_", "."): versions for name, versions in listed.items()}
    return Published((), {}, "1.36.3", names)


def inventory(**cluster: Any) -> Inventory:
    hosts = [{"name": "cp1", "address": "10.0.0.1", "role": "control-plane"}, {"name": "w1", "address": "10.0.0.2"}]
    return Inventory.model_validate({"apiVersion": "kboot/v1", "cluster": cluster, "hosts": hosts})


def images(host: str, **cluster: Any) -> tuple[str, ...]:
    wanted = Wanted(inventory(**cluster), RUN, addons=(Addon("a", "1", "{}", ("ghcr.io/a/b:v1",)),))
    return role_images(Target("host", wanted.inventory.host(host), wanted))


def test_the_newest_revision_of_exactly_this_version() -> None:
    found = supply(kubelet=("1.36.3-1.1", "1.36.3-2.1", "1.36.31-1.1", "1.36.4-1.1"))
    assert found.version("kubelet") == "1.36.3-2.1"


def test_containerd_is_the_newest_release_of_its_major() -> None:
    offered = ("1.7.30-1~u", "2.9.1-1~u", "2.10.0-1~u", "2.11.0~rc.1-1~u", "3.0.0-1~u")
    assert supply(containerd_io=offered).version("containerd.io") == "2.10.0-1~u"


def test_what_the_index_lacks_is_later() -> None:
    assert isinstance(supply(kubelet=("1.36.4-1.1",)).version("kubelet"), Later)


def test_a_package_of_the_distribution_goes_without_a_version() -> None:
    assert supply().named("socat") == "socat"


def test_a_package_that_dpkg_only_remembers_is_not_there() -> None:
    removed = Published((), {"kubelet": Package("kubelet", "1.36.3-1.1", "rc ")}, "1.36.3")
    assert not removed.has("kubelet")


@pytest.mark.parametrize(
    ("reference", "mirrors", "url", "repository"),
    [
        ("registry.k8s.io/pause:1", {}, "https://registry.k8s.io/v2/pause/manifests/1", "pause"),
        ("docker.io/library/a:1", {}, "https://registry-1.docker.io/v2/library/a/manifests/1", "library/a"),
        ("ghcr.io/a/b:v1", {"ghcr.io": "http://10.0.0.9:5000"}, "http://10.0.0.9:5000/v2/a/b/manifests/v1", "a/b"),
        ("ghcr.io/a/b:v1", {"ghcr.io": "https://h.lab/gh"}, "https://h.lab/v2/gh/a/b/manifests/v1", "gh/a/b"),
        ("lab:5000/a:1", {}, "https://lab:5000/v2/a/manifests/1", "a"),
    ],
)
def test_where_an_image_is_asked_for(reference: str, mirrors: dict[str, str], url: str, repository: str) -> None:
    place = place_of(reference, inventory(mirrors={"images": mirrors}))
    assert (place.url, place.repository) == (url, repository)


def test_containerd_is_told_of_the_mirror_alone() -> None:
    assert 'server = "http://10.0.0.9:5000"' in hosts_toml("http://10.0.0.9:5000")
    prefixed = hosts_toml("https://h.lab/gh")
    assert 'server = "https://h.lab/v2/gh"' in prefixed
    assert "override_path = true" in prefixed


def test_a_control_plane_needs_more_than_a_worker() -> None:
    worker, control_plane = images("w1"), images("cp1")
    assert set(worker) < set(control_plane)
    assert "registry.k8s.io/etcd:3.6.8-0" in control_plane
    assert worker[:3] == (
        "registry.k8s.io/pause:3.10.2",
        "registry.k8s.io/kube-proxy:v1.36.3",
        "registry.k8s.io/coredns/coredns:v1.14.2",
    )
    assert "ghcr.io/a/b:v1" in worker


def test_kubeadms_own_settings_name_the_images() -> None:
    overlay = {
        "imageRepository": "lab.example/k8s",
        "dns": {"imageTag": "v9"},
        "etcd": {"local": {"imageRepository": "lab.example/e"}},
    }
    found = images("cp1", overlays={"kubeadm": overlay})
    expected = ("k8s/kube-proxy:v1.36.3", "k8s/coredns:v9", "e/etcd:3.6.8-0", "k8s/pause:3.10.2")
    assert {f"lab.example/{name}" for name in expected} <= set(found)


def test_an_etcd_that_runs_elsewhere_is_no_image_of_ours() -> None:
    found = images("cp1", overlays={"kubeadm": {"etcd": {"external": {"endpoints": ["https://10.0.0.5:2379"]}}}})
    assert not [name for name in found if "/etcd:" in name]


@pytest.mark.parametrize("nonsense", [None, "v3", ["v3"]])
def test_an_overlay_may_say_anything(nonsense: Any) -> None:
    found = images("cp1", overlays={"kubeadm": {"etcd": nonsense, "dns": nonsense}})
    assert "registry.k8s.io/etcd:3.6.8-0" in found
