"""containerd's config, read back as containerd reads it."""

import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest

from bootstrap.model.inventory import Inventory
from bootstrap.model.tables.containerd import LAYOUTS, Layout, layout_of
from bootstrap.model.target import RunValues, Target, Wanted
from bootstrap.steps.runtime.containerd_config import config_text


@pytest.mark.parametrize(
    ("version", "config_version"),
    [
        ("2.3.7-1~debian.12~bookworm", 4),
        ("2.2.0-1", 3),
        ("2.0.5-1~ubuntu.24.04~noble", 3),
        ("1.7.29-1", 2),
        ("1:2.10.1-1", 4),
    ],
)
def test_a_package_version_has_its_layout(version: str, config_version: int) -> None:
    layout = layout_of(version)
    assert layout is not None
    assert layout.config_version == config_version


@pytest.mark.parametrize("version", ["1.3.9", "latest", "", "2"])
def test_what_the_table_does_not_know_has_none(version: str) -> None:
    assert layout_of(version) is None


def test_layouts_are_looked_up_newest_first() -> None:
    assert [layout.since for layout in LAYOUTS] == sorted((layout.since for layout in LAYOUTS), reverse=True)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.config_version))
def test_every_layout_is_toml_with_systemds_cgroups_and_the_overlay(layout: Layout) -> None:
    overlay = {"plugins": {layout.runtime_plugin: {"restrict_oom_score_adj": True}}, "oom_score": -1}
    config = tomllib.loads(config_text(_target(overlay), layout))
    runtime = config["plugins"][layout.runtime_plugin]
    assert runtime["containerd"]["runtimes"]["runc"]["options"] == {"SystemdCgroup": True}
    assert runtime["restrict_oom_score_adj"] is True
    assert config["plugins"][layout.images_plugin]["registry"] == {"config_path": "/etc/containerd/certs.d"}
    assert (config["version"], config["oom_score"]) == (layout.config_version, -1)
    assert "disabled_plugins" not in config


def _target(overlay: dict[str, Any]) -> Target:
    host = {"name": "cp", "address": "10.0.0.1", "role": "control-plane"}
    cluster = {"overlays": {"containerd": overlay}}
    inventory = Inventory.model_validate({"apiVersion": "kboot/v1", "cluster": cluster, "hosts": [host]})
    return Target("host", inventory.hosts[0], Wanted(inventory, RunValues("r", "abcdef", datetime.now(UTC), "k")))
