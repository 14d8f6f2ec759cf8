"""The whole recipe of a bundle: all parts in the order in which they are made, what init needs first."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bootstrap.bundle.make.components import around_kubernetes, kubernetes
from bootstrap.bundle.make.deb import COMPRESSION, Package, build_package
from bootstrap.bundle.make.debian import Apt
from bootstrap.bundle.make.golang import Build, compile_programs, download
from bootstrap.bundle.make.images import Image, build_image, images
from bootstrap.bundle.make.layers import BUSYBOX, NETFILTER, DebianLayer, entries_of
from bootstrap.bundle.make.manifests import write_manifest
from bootstrap.bundle.make.oci import make_layer
from bootstrap.bundle.make.order import Order
from bootstrap.bundle.make.packages import containerd_package, kubernetes_packages
from bootstrap.bundle.make.part import Part, digest_of, keys_of
from bootstrap.bundle.make.pause import compile_pause
from bootstrap.bundle.make.progress import Tell
from bootstrap.bundle.make.upstream import check_table
from bootstrap.model.addon import AddonFile

# Raise it when a maker's code changes what it makes from the same recipe.
_FORMAT = 1
LAYERS = (NETFILTER, BUSYBOX)
DEBIAN = "debian-packages"
DIGESTS_NAME = "digests.json"
# What kubeadm's preflight, kubelet, kube-proxy and CNI plugins start on a host (kubeadm app/preflight/checks.go of
# 1.36: ip, mount, losetup, ethtool, tc), and what an admin looks with.
TO_INSTALL = ("conntrack", "ethtool", "iproute2", "iptables", "mount", "socat", "util-linux")
_MAY_BE_WANTED = (
    "apparmor",
    "ca-certificates",
    "curl",
    "ebtables",
    "gpgv",
    "kmod",
    "libseccomp2",
    "nftables",
    "procps",
    "ufw",
)


def all_parts(order: Order) -> tuple[Part, ...]:
    """Every part, each after those it needs. The slow compile lane gets Kubernetes first."""
    built = (_kubernetes(order), *(_program(build) for build in around_kubernetes(order.versions)))
    rest = (_debian(order), *(_layer(layer) for layer in LAYERS), _pause(order))
    packages = tuple(_package(package, order) for package in packages_of(order))
    pictures = tuple(_image(image, order) for image in images(order.versions))
    manifests = tuple(_manifest(addon) for addon in order.addons)
    return (*built, *rest, *packages, *pictures, *manifests)


def packages_of(order: Order) -> tuple[Package, ...]:
    """The packages that are built here."""
    return (*kubernetes_packages(order.versions), containerd_package(order.versions, order.release))


def recipe_digest(order: Order) -> str:
    """Two orders of the same digest make the same bundle (but for Debian's own updates and the date)."""
    return digest_of(keys_of(all_parts(order), surroundings(order)))


def surroundings(order: Order) -> object:
    """What else decides the parts' bytes."""
    return {"format": _FORMAT, "architecture": order.architecture, "release": asdict(order.release)}


def _kubernetes(order: Order) -> Part:
    build = kubernetes(order.versions)

    def make(out: Path, _inputs: Mapping[str, Path], tell: Tell) -> None:
        check_table(order.versions, download(build.modules[0]).folder)
        compile_programs(build, out, tell)

    return Part(build.name, build, make, lane="compile")


def _program(build: Build) -> Part:
    return Part(build.name, build, lambda out, _inputs, tell: compile_programs(build, out, tell), lane="compile")


def _pause(order: Order) -> Part:
    module, version = kubernetes(order.versions).modules[0], order.versions.asked.pause
    return Part("pause", [module, version], lambda out, _inputs, _tell: compile_pause(module, version, out))


def _debian(order: Order) -> Part:
    wanted = (*TO_INSTALL, *_MAY_BE_WANTED)

    def make(out: Path, _inputs: Mapping[str, Path], tell: Tell) -> None:
        with tempfile.TemporaryDirectory(prefix="kboot-apt-") as scratch:
            apt = Apt(Path(scratch), order.architecture)
            tell("reading the package indexes")
            apt.update()
            closure = apt.beyond_minimal(wanted)
            tell(f"fetching {len(closure)} packages for hosts")
            apt.download(closure, out / "hosts")
            for layer in LAYERS:
                apt.download(apt.closure(layer.packages), out / layer.name)

    return Part(DEBIAN, [wanted, LAYERS], make)


def _layer(layer: DebianLayer) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        with tempfile.TemporaryDirectory(dir=out) as scratch:
            make_layer(out, entries_of(layer, inputs[DEBIAN] / layer.name, Path(scratch)))

    return Part(f"layer-{layer.name}", layer, make, needs=(DEBIAN,))


def _package(package: Package, order: Order) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        build_package(package, inputs, order.architecture, out)

    return Part(f"package-{package.name}", [package, COMPRESSION], make, needs=package.parts)


def _image(image: Image, order: Order) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        written = build_image(image, inputs, order.architecture, out)
        (out / DIGESTS_NAME).write_text(json.dumps(asdict(written)))

    return Part(f"image-{image.name}", image, make, needs=image.parts)


def _manifest(addon: AddonFile) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        write_manifest(addon, inputs, out)

    recipe = [addon.version, addon.upstream.model_dump()]
    return Part(f"manifest-{addon.name}", recipe, make, needs=("kubernetes",) if addon.upstream.kustomization else ())
