"""The images of a bundle: which programs, under which name, started how."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bootstrap.bundle.make.layers import BUSYBOX, NETFILTER
from bootstrap.bundle.make.oci import Start, Written, make_layer, read_layer, write_archive
from bootstrap.bundle.make.tarball import Entry
from bootstrap.model.inventory import Role
from bootstrap.model.tables.versions import Versions

ARCHIVE_NAME = "image.tar"
_NODE: tuple[Role, ...] = ("control-plane", "worker")
_MASTER: tuple[Role, ...] = ("control-plane",)
_USERS = b"root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n"
_GROUPS = b"root:x:0:\nnonroot:x:65532:\n"
_NON_ROOT = "65532:65532"


@dataclass(frozen=True)
class Program:
    """A program of a part, and where the image has it."""

    part: str
    program: str
    path: str


@dataclass(frozen=True)
class Image:
    """An image. `layers` are names of Debian layers below the programs; `stands_in_for` the name upstream asks for."""

    name: str
    repository: str
    tag: str
    version: str
    source: str
    programs: tuple[Program, ...]
    start: Start
    roles: tuple[Role, ...] = _NODE
    layers: tuple[str, ...] = ()
    licence: str = "Apache-2.0"
    stands_in_for: str | None = None
    note: str | None = None

    @property
    def reference(self) -> str:
        """The whole name under which containerd keeps it."""
        return f"{self.repository}:{self.tag}"

    @property
    def parts(self) -> tuple[str, ...]:
        """Parts that it is made from."""
        programs = sorted({program.part for program in self.programs})
        return (*programs, *(f"layer-{layer}" for layer in self.layers))


def build_image(image: Image, inputs: Mapping[str, Path], architecture: str, out: Path) -> Written:
    """Write the image's archive into `out`."""
    below = [read_layer(inputs[f"layer-{layer}"]) for layer in image.layers]
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        top = make_layer(Path(scratch), _entries(image, inputs))
        return write_archive(out / ARCHIVE_NAME, [*below, top], image.start, architecture, image.reference)


def images(versions: Versions) -> tuple[Image, ...]:
    """All images, first those that a control plane starts with."""
    return (*_control_plane(versions), *_node(versions), *_addons(versions))


def _entries(image: Image, inputs: Mapping[str, Path]) -> list[Entry]:
    programs = [Entry(program.path, 0o755, inputs[program.part] / program.program) for program in image.programs]
    parts = sorted({program.part for program in image.programs})
    licences = [Entry(f"usr/share/doc/{part}/copyright", 0o644, inputs[part] / "LICENSE") for part in parts]
    users = [Entry("etc/passwd", 0o644, text=_USERS), Entry("etc/group", 0o644, text=_GROUPS)]
    return [*programs, *licences, *users, Entry("tmp", 0o1777)]


def _control_plane(versions: Versions) -> tuple[Image, ...]:
    return (
        *(
            _kubernetes_image(versions, name, roles=_MASTER)
            for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
        ),
        _standing_in(_etcd(versions.built.etcd), versions.asked.etcd),
    )


def _node(versions: Versions) -> tuple[Image, ...]:
    pause = versions.asked.pause
    return (
        Image(
            "pause",
            "registry.k8s.io/pause",
            pause,
            pause,
            f"k8s.io/kubernetes@v{versions.kubernetes} build/pause/linux/pause.c",
            (Program("pause", "pause", "pause"),),
            Start(("/pause",), user="65535:65535"),
        ),
        _kubernetes_image(versions, "kube-proxy", layers=(NETFILTER.name,)),
        _standing_in(_coredns(versions.built.coredns), versions.asked.coredns),
    )


def _addons(versions: Versions) -> tuple[Image, ...]:
    built = versions.built
    return (
        _standing_in(_flannel_cni(built.flannel_cni), built.flannel_cni_asked),
        _flannel(built.flannel),
        Image(
            "metrics-server",
            "registry.k8s.io/metrics-server/metrics-server",
            f"v{built.metrics_server}",
            built.metrics_server,
            f"sigs.k8s.io/metrics-server@v{built.metrics_server}",
            (Program("metrics-server", "metrics-server", "metrics-server"),),
            Start(("/metrics-server",), user=_NON_ROOT),
        ),
        Image(
            "agnhost",
            "registry.k8s.io/e2e-test-images/agnhost",
            versions.agnhost,
            versions.agnhost,
            f"k8s.io/kubernetes@v{versions.kubernetes} test/images/agnhost",
            (Program("kubernetes", "agnhost", "agnhost"),),
            Start(("/agnhost",), ("pause",)),
            layers=(BUSYBOX.name,),
            licence="Apache-2.0; busybox: GPL-2.0-only",
            note="the program alone: upstream's image also carries curl, dig, iperf and a registry",
        ),
    )


def _etcd(version: str) -> Image:
    return Image(
        "etcd",
        "registry.k8s.io/etcd",
        f"{version}-0",
        version,
        f"go.etcd.io/etcd/server/v3@v{version}",
        (
            Program("etcd", "server", "usr/local/bin/etcd"),
            *(Program("etcd", name, f"usr/local/bin/{name}") for name in ("etcdctl", "etcdutl")),
        ),
        Start(("etcd",)),
        roles=_MASTER,
    )


def _coredns(version: str) -> Image:
    return Image(
        "coredns",
        "registry.k8s.io/coredns/coredns",
        f"v{version}",
        version,
        f"github.com/coredns/coredns@v{version}",
        (Program("coredns", "coredns", "coredns"),),
        Start(("/coredns",), user=_NON_ROOT),
    )


def _flannel_cni(version: str) -> Image:
    return Image(
        "flannel-cni-plugin",
        "ghcr.io/flannel-io/flannel-cni-plugin",
        f"v{version}",
        version,
        f"github.com/containernetworking/plugins@v{version} plugins/meta/flannel",
        (Program("flannel-cni", "flannel", "flannel"),),
        Start(("/flannel",)),
        layers=(BUSYBOX.name,),
        licence="Apache-2.0; busybox: GPL-2.0-only",
    )


def _flannel(version: str) -> Image:
    return Image(
        "flannel",
        "ghcr.io/flannel-io/flannel",
        f"v{version}",
        version,
        f"github.com/flannel-io/flannel@v{version}",
        (Program("flannel", "flannel", "opt/bin/flanneld"),),
        Start(("/opt/bin/flanneld",)),
        layers=(NETFILTER.name, BUSYBOX.name),
        licence="Apache-2.0; layers: " + NETFILTER.licence,
    )


def _kubernetes_image(
    versions: Versions, name: str, *, roles: tuple[Role, ...] = _NODE, layers: tuple[str, ...] = ()
) -> Image:
    return Image(
        name,
        f"registry.k8s.io/{name}",
        f"v{versions.kubernetes}",
        versions.kubernetes,
        f"k8s.io/kubernetes@v{versions.kubernetes}",
        (Program("kubernetes", name, f"usr/local/bin/{name}"),),
        Start((name,)),
        roles=roles,
        layers=layers,
        licence="Apache-2.0" if not layers else "Apache-2.0; layers: " + NETFILTER.licence,
    )


def _standing_in(image: Image, asked: str) -> Image:
    if image.tag == asked:
        return image
    return replace(
        image,
        stands_in_for=f"{image.repository}:{asked}",
        note=f"upstream names {asked}; the Go module proxy serves {image.tag}, and the tag says what it is",
    )
