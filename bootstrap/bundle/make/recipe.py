"""The whole recipe of a bundle: all parts in the order in which they are made, what init needs first.

Each Kubernetes version has a list of parts of its own; what two of them share has the same key and is made once.
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
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
from bootstrap.bundle.make.release import out_of_reach, sources_of
from bootstrap.bundle.make.upstream import check_table
from bootstrap.model.addon import AddonFile
from bootstrap.model.error import KbootError
from bootstrap.model.tables.systems import Release
from bootstrap.model.tables.versions import Versions

# Raise it when a maker's code changes what it makes from the same recipe; _LOCK when the lock is written otherwise.
_FORMAT = 1
_LOCK = 2
LAYERS = (NETFILTER, BUSYBOX)
_LAYER_PACKAGES = "debian-layers"
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


def all_parts(order: Order, versions: Versions) -> tuple[Part, ...]:
    """Every part for one Kubernetes version, each after those it needs. The slow compile lane gets Kubernetes first."""
    built = (_kubernetes(versions), *(_program(build) for build in around_kubernetes(versions)))
    debian = (_layer_packages(order), *(_host_packages(order, release) for release in order.releases))
    rest = (*debian, *(_layer(layer) for layer in LAYERS), _pause(versions))
    packages = {part_of(package, release): package for release, package in packages_of(order, versions)}
    own = tuple(_package(name, package, order) for name, package in packages.items())
    pictures = tuple(_image(image, order) for image in images(versions))
    manifests = tuple(_manifest(addon) for addon in order.addons)
    return (*built, *rest, *own, *pictures, *manifests)


def packages_of(order: Order, versions: Versions) -> tuple[tuple[Release, Package], ...]:
    """The packages that are built here, for each release; only containerd.io's version names the release."""
    return tuple(
        (release, package)
        for release in order.releases
        for package in (*kubernetes_packages(versions), containerd_package(versions, release))
    )


def part_of(package: Package, release: Release) -> str:
    """The name of the part that makes it."""
    return f"package-{package.name}" + (f"-{release.codename}" if release.codename in package.version else "")


def host_packages_of(release: Release) -> str:
    """The name of the part with Debian's own packages for hosts of that release."""
    return f"debian-packages-{release.codename}"


def recipe_digest(order: Order) -> str:
    """Two orders of the same digest make the same bundle (but for Debian's own updates and the date)."""
    parts = [keys_of(all_parts(order, versions), surroundings(order)) for versions in order.versions]
    told = [images(versions) for versions in order.versions]
    return digest_of([_LOCK, parts, told, [asdict(release) for release in order.releases]])


def surroundings(order: Order) -> object:
    """What else decides the parts' bytes; the machine's release: its C library is in what is linked statically."""
    return {"format": _FORMAT, "architecture": order.architecture, "release": asdict(order.machine)}


def _kubernetes(versions: Versions) -> Part:
    build = kubernetes(versions)

    def make(out: Path, _inputs: Mapping[str, Path], tell: Tell) -> None:
        check_table(versions, download(build.modules[0]).folder)
        compile_programs(build, out, tell)

    return Part(build.name, build, make, lane="compile")


def _program(build: Build) -> Part:
    return Part(build.name, build, lambda out, _inputs, tell: compile_programs(build, out, tell), lane="compile")


def _pause(versions: Versions) -> Part:
    module, version = kubernetes(versions).modules[0], versions.asked.pause
    return Part("pause", [module, version], lambda out, _inputs, _tell: compile_pause(module, version, out))


def _layer_packages(order: Order) -> Part:
    def make(out: Path, _inputs: Mapping[str, Path], tell: Tell) -> None:
        with tempfile.TemporaryDirectory(prefix="kboot-apt-") as scratch:
            apt = Apt(Path(scratch), order.architecture)
            tell("reading the package indexes")
            apt.update()
            for layer in LAYERS:
                apt.download(apt.closure(layer.packages), out / layer.name)

    return Part(_LAYER_PACKAGES, LAYERS, make)


def _host_packages(order: Order, release: Release) -> Part:
    wanted = (*TO_INSTALL, *_MAY_BE_WANTED)

    def make(out: Path, _inputs: Mapping[str, Path], tell: Tell) -> None:
        with tempfile.TemporaryDirectory(prefix="kboot-apt-") as scratch:
            sources = sources_of(release, order.machine)
            apt = Apt(Path(scratch), order.architecture, sources)
            tell(f"reading the package indexes of {release.codename}")
            try:
                apt.update()
            except KbootError as failed:
                if not sources:
                    raise
                raise out_of_reach(release, order.machine, failed.evidence) from failed
            closure = apt.beyond_minimal(wanted)
            tell(f"fetching {len(closure)} packages for hosts of {release.codename}")
            apt.download(closure, out)

    return Part(host_packages_of(release), [wanted, asdict(release)], make)


def _layer(layer: DebianLayer) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        with tempfile.TemporaryDirectory(dir=out) as scratch:
            make_layer(out, entries_of(layer, inputs[_LAYER_PACKAGES] / layer.name, Path(scratch)))

    return Part(f"layer-{layer.name}", layer, make, needs=(_LAYER_PACKAGES,))


def _package(name: str, package: Package, order: Order) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        build_package(package, inputs, order.architecture, out)

    return Part(name, [package, COMPRESSION], make, needs=package.parts)


def _image(image: Image, order: Order) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        written = build_image(image, inputs, order.architecture, out)
        (out / DIGESTS_NAME).write_text(json.dumps(asdict(written)))

    # What upstream calls it is told in the lock and stands in no byte of it.
    bare = replace(image, stands_in_for=None, note=None, roles=())
    return Part(f"image-{image.name}", bare, make, needs=image.parts)


def _manifest(addon: AddonFile) -> Part:
    def make(out: Path, inputs: Mapping[str, Path], _tell: Tell) -> None:
        write_manifest(addon, inputs, out)

    recipe = [addon.version, addon.upstream.model_dump()]
    return Part(f"manifest-{addon.name}", recipe, make, needs=("kubernetes",) if addon.upstream.kustomization else ())
