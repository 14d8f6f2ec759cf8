"""containerd's configuration by its version; checked 2026-11 on the sources of 1.7, 2.0 and 2.3.

Sources: containerd docs/cri/config.md ("Config versions", "Cgroup Driver", "Registry"), docs/PLUGINS.md, and
version/version.go (ConfigVersion). CRI is on unless `disabled_plugins` names it, as Docker's package does.
"""

from dataclasses import dataclass

CERTS_D = "/etc/containerd/certs.d"
DROP_INS = "/etc/containerd/conf.d/*.toml"


@dataclass(frozen=True)
class Layout:
    """Where one range of versions keeps the CRI's settings. `since` is the first (major, minor) of the range."""

    since: tuple[int, int]
    config_version: int
    runtime_plugin: str
    images_plugin: str
    pins_sandbox: bool


_V2_RUNTIME, _V2_IMAGES = "io.containerd.cri.v1.runtime", "io.containerd.cri.v1.images"

LAYOUTS = (
    Layout((2, 3), 4, _V2_RUNTIME, _V2_IMAGES, pins_sandbox=True),
    Layout((2, 0), 3, _V2_RUNTIME, _V2_IMAGES, pins_sandbox=True),
    Layout((1, 4), 2, "io.containerd.grpc.v1.cri", "io.containerd.grpc.v1.cri", pins_sandbox=False),
)


def layout_of(version: str) -> Layout | None:
    """The layout of a package version such as 2.3.7-1~debian.12~bookworm; None for one that the table does not know."""
    numbers = version.rpartition(":")[2].split(".")
    if len(numbers) < 2 or not (numbers[0].isdecimal() and numbers[1].isdecimal()):
        return None
    found = (int(numbers[0]), int(numbers[1]))
    return next((layout for layout in LAYOUTS if layout.since <= found), None)
