"""Laws of the recipe, for every Kubernetes version that kboot knows."""

from pathlib import Path

import pytest
import yaml

from bootstrap.bundle.make.components import around_kubernetes, kubernetes
from bootstrap.bundle.make.images import images
from bootstrap.bundle.make.layers import BUSYBOX, NETFILTER
from bootstrap.bundle.make.order import Order, known_versions
from bootstrap.bundle.make.part import keys_of
from bootstrap.bundle.make.recipe import all_parts, packages_of, recipe_digest, surroundings
from bootstrap.load.shipped import addons_folder
from bootstrap.model.addon import AddonFile
from bootstrap.model.error import KbootError
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.tables.systems import RELEASES, Release
from bootstrap.model.tables.versions import DEFAULT_KUBERNETES, VERSIONS, Versions

BOOKWORM, TRIXIE = RELEASES[:2]
ADDONS = tuple(
    AddonFile.model_validate(yaml.safe_load(path.read_text())) for path in addons_folder().glob("*/addon.yaml")
)
every_version = pytest.mark.parametrize("versions", VERSIONS.values(), ids=list(VERSIONS))


def _order(*versions: Versions, architecture: str = "amd64", releases: tuple[Release, ...] = (BOOKWORM,)) -> Order:
    return Order(versions, architecture, releases, BOOKWORM, ADDONS, Path("unused"))


@every_version
def test_every_part_comes_after_what_it_needs_and_has_a_key_of_its_own(versions: Versions) -> None:
    parts = all_parts(_order(versions, releases=(BOOKWORM, TRIXIE)), versions)
    keys = keys_of(parts, surroundings(_order(versions)))
    assert len({part.name for part in parts}) == len(parts) == len(set(keys.values()))


@every_version
def test_images_and_packages_take_only_programs_that_are_built(versions: Versions) -> None:
    order = _order(versions)
    built = {
        build.name: {path.removesuffix("/v3").rsplit("/", 1)[1] for path in build.packages}
        for build in (kubernetes(versions), *around_kubernetes(versions))
    }
    built["pause"] = {"pause"}
    wanted = {(program.part, program.program) for image in images(versions) for program in image.programs}
    wanted |= {
        (one.part, one.program) for _, package in packages_of(order, versions) for one in package.contents if one.part
    }
    assert {(part, program) for part, program in wanted if program not in built[part]} == set()


@every_version
def test_kubeadm_finds_every_image_it_names_or_one_that_stands_in_for_it(versions: Versions) -> None:
    release, asked = f"v{versions.kubernetes}", versions.asked
    names = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")
    wanted = {
        *(f"registry.k8s.io/{name}:{release}" for name in names),
        f"registry.k8s.io/etcd:{asked.etcd}",
        f"registry.k8s.io/pause:{asked.pause}",
        f"registry.k8s.io/coredns/coredns:{asked.coredns}",
    }
    pictures = images(versions)
    assert wanted <= {picture.reference for picture in pictures} | {picture.stands_in_for for picture in pictures}


@every_version
def test_an_image_never_carries_a_tag_of_another_version(versions: Versions) -> None:
    assert all(picture.version in picture.tag for picture in images(versions))
    assert all(picture.note for picture in images(versions) if picture.stands_in_for)


@every_version
def test_every_image_of_an_addon_is_in_the_bundle(versions: Versions) -> None:
    provided = {name for picture in images(versions) for name in (picture.reference, picture.stands_in_for)}
    assert {image for addon in ADDONS for image in addon.images} <= provided


def test_workers_get_no_control_plane_image_and_control_planes_get_all() -> None:
    pictures = images(VERSIONS[DEFAULT_KUBERNETES])
    assert all("control-plane" in picture.roles for picture in pictures)
    only = {picture.name for picture in pictures if "worker" not in picture.roles}
    assert only == {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"}


def test_packages_carry_the_relations_of_upstream() -> None:
    versions = VERSIONS[DEFAULT_KUBERNETES]
    packages = {package.name: package for _, package in packages_of(_order(versions), versions)}
    relations = {name: dict(package.relations) for name, package in packages.items()}
    assert relations["kubelet"]["Depends"] == "kubernetes-cni (>= 1.2.0), mount, util-linux"
    assert "Depends" not in relations["kubeadm"]
    for field in ("Conflicts", "Replaces", "Provides"):
        assert relations["containerd.io"][field] == "containerd, runc"
    assert packages["kubelet"].version == "1.36.3-1.1"
    assert packages["containerd.io"].version == "2.3.7-1~debian.12~bookworm"


def test_the_same_order_has_the_same_recipe_and_another_one_another() -> None:
    versions = VERSIONS[DEFAULT_KUBERNETES]
    orders = [
        _order(versions),
        _order(versions, architecture="arm64"),
        _order(versions, releases=(TRIXIE,)),
        _order(versions, releases=(BOOKWORM, TRIXIE)),
        _order(VERSIONS["1.35.4"]),
        _order(versions, VERSIONS["1.35.4"]),
    ]
    assert recipe_digest(_order(versions)) == recipe_digest(_order(versions))
    assert len({recipe_digest(order) for order in orders}) == len(orders)


def test_the_layers_are_those_that_images_name() -> None:
    named = {layer for picture in images(VERSIONS[DEFAULT_KUBERNETES]) for layer in picture.layers}
    assert named == {BUSYBOX.name, NETFILTER.name}


def test_an_unknown_version_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(KbootError) as caught:
        known_versions(("1.36.3", "1.20.0"))
    assert caught.value.exit_code == ExitCode.USAGE
    assert DEFAULT_KUBERNETES in caught.value.advice


def test_what_two_versions_have_in_common_is_made_once() -> None:
    new, old = VERSIONS["1.36.3"], VERSIONS["1.35.4"]
    order = _order(new, old)
    keys = [keys_of(all_parts(order, versions), surroundings(order)) for versions in order.versions]
    shared = {name for name, key in keys[0].items() if keys[1].get(name) == key}
    compiled = ("containerd", "runc", "cni-plugins", "etcd", "coredns", "metrics-server", "flannel", "flannel-cni")
    assert shared >= {*compiled, "package-containerd.io-bookworm", "image-etcd", "image-coredns", "image-flannel"}
    assert not shared & {"kubernetes", "pause", "package-kubelet", "image-kube-apiserver", "image-agnhost"}


def test_only_containerds_package_names_the_release() -> None:
    versions = VERSIONS[DEFAULT_KUBERNETES]
    order = _order(versions, releases=(BOOKWORM, TRIXIE))
    found = {(package.name, package.version) for _, package in packages_of(order, versions)}
    assert {("containerd.io", f"2.3.7-1~debian.{n}") for n in ("12~bookworm", "13~trixie")} < found
    assert len(found) == 6
