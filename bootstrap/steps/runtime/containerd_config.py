"""The whole text of containerd's config.toml."""

from collections.abc import Mapping
from typing import Any

import tomli_w

from bootstrap.model.tables.containerd import CERTS_D, DROP_INS, Layout
from bootstrap.model.target import Target
from bootstrap.steps.overlay import overlaid
from bootstrap.steps.runtime.images import pause_image

HEADER = "# Written by kboot; settings of your own belong into the inventory (cluster.overlays.containerd).\n"


def config_text(target: Target, layout: Layout) -> str:
    """TOML of what Kubernetes needs, the inventory's overlay merged over it; all else is containerd's default."""
    return HEADER + tomli_w.dumps(overlaid(_settings(layout, pause_image(target)), _overlay(target)))


def _overlay(target: Target) -> Mapping[str, Any]:
    return target.inventory.cluster.overlays.containerd


def _settings(layout: Layout, pause: str | None) -> dict[str, Any]:
    """SystemdCgroup: one manager of cgroups, the same as kubelet's; the pause image pinned against clean-up."""
    runtime = {"containerd": {"runtimes": {"runc": {"options": {"SystemdCgroup": True}}}}}
    images: dict[str, Any] = {"registry": {"config_path": CERTS_D}}
    if pause:
        images |= {"pinned_images": {"sandbox": pause}} if layout.pins_sandbox else {"sandbox_image": pause}
    plugins = overlaid({layout.runtime_plugin: runtime}, {layout.images_plugin: images})
    return {"version": layout.config_version, "imports": [DROP_INS], "plugins": plugins}
