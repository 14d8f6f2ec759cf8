"""All that a run wants is known before the first host is contacted, or is told as missing."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bootstrap.load.error import InvalidInput
from bootstrap.load.inventory import inventory_of
from bootstrap.load.source import Source
from bootstrap.load.wanted import check_addons, wanted
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.inventory import Inventory
from bootstrap.model.lock import BundleLock, Lock
from bootstrap.model.target import RunValues

from . import test_addon
from .test_addon import MANIFEST

RUN = RunValues("20261121-1", "abcdef", datetime(2026, 11, 21, tzinfo=UTC), "/state/kubeconfig")
# An addon of one's own takes the place of one that kboot has a step for.
ADDON = test_addon.ADDON.replace("name: agent\n", "name: metrics-server\n", 1)
DIGEST = sha256(MANIFEST.encode()).hexdigest()


def folder(tmp_path: Path, addon: str = ADDON) -> str:
    return test_addon.folder(tmp_path, addon)


def inventory(addon: str) -> Inventory:
    host = "{name: cp1, address: 10.1.0.1, role: control-plane}"
    text = f"apiVersion: kboot/v1\ncluster: {{addons: [{addon}]}}\nhosts:\n  - {host}\n"
    return inventory_of(Source("x.yaml", text))


def lock(image: str = "example.org/agent:v1-ours") -> Lock:
    common = {"version": "1", "architecture": "amd64", "size_bytes": 1, "source": "s", "licence": "l"}
    manifest = {**common, "path": "m.yaml", "kind": "manifest", "name": "agent", "sha256": DIGEST}
    picture = {**common, "path": "i.tar", "kind": "image", "name": "agent", "sha256": "0" * 64, "reference": image}
    picture |= {"stands_in_for": "example.org/agent:v1", "manifest_digest": "sha256:1", "config_digest": "sha256:2"}
    bundle = BundleLock.model_validate(
        {
            "architecture": "amd64",
            "releases": ["bookworm"],
            "built": "2026-11-21",
            "recipe": "0" * 64,
            "apt_key_fingerprint": "A" * 40,
            "versions": {"1.36.3": {}},
            "files": [manifest, picture],
        }
    )
    return bundle.of("1.36.3")


def test_with_a_bundle_the_manifest_and_the_images_are_the_bundles(tmp_path: Path) -> None:
    (tmp_path / "blob").write_text(MANIFEST)
    asked: list[str] = []

    def open_blob(digest: str) -> Path:
        asked.append(digest)
        return tmp_path / "blob"

    found = wanted(inventory(folder(tmp_path)), RUN, lock(), open_blob)
    assert asked == [DIGEST]
    addon = found.addon("metrics-server")
    assert addon
    assert addon.images == ("example.org/agent:v1-ours",)
    assert found.addon("flannel") is None


def test_without_a_bundle_the_manifest_may_stand_beside_the_addon(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text(MANIFEST)
    addon = wanted(inventory(folder(tmp_path)), RUN).addon("metrics-server")
    assert addon
    assert addon.images == ("example.org/agent:v1",)


def test_a_missing_manifest_is_told_with_the_command_that_brings_it(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidInput, match=r"addon\.yaml:7:11: the manifest of metrics-server 1\.2\.3 is not here"
    ) as caught:
        wanted(inventory(folder(tmp_path)), RUN)
    assert f"curl -fLo {tmp_path}/manifest.yaml https://example.org/agent.yaml" in caught.value.advice


def test_a_manifest_of_another_digest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text(MANIFEST + "# altered\n")
    with pytest.raises(InvalidInput, match=r"is not the manifest that upstream\.sha256 names"):
        wanted(inventory(folder(tmp_path)), RUN)


def test_a_manifest_beside_its_addon_is_checked_with_the_inventory(tmp_path: Path) -> None:
    manifest, addon = tmp_path / "manifest.yaml", inventory(folder(tmp_path))
    check_addons(addon)
    manifest.write_text(MANIFEST)
    check_addons(addon)
    manifest.write_text(altered := MANIFEST + "# altered\n")
    with pytest.raises(InvalidInput, match=r"is not the manifest that upstream\.sha256 names") as caught:
        check_addons(addon)
    assert f"sha256: {sha256(altered.encode()).hexdigest()};" in caught.value.advice, "the line that takes it"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_a_manifest_that_is_no_file_is_not_waited_for(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "manifest.yaml")
    with pytest.raises(InvalidInput, match="not a file"):
        wanted(inventory(folder(tmp_path)), RUN)


def test_an_image_that_the_bundle_lacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text(MANIFEST)
    with pytest.raises(InvalidInput, match=r"the bundle has no image example\.org/other:v2"):
        wanted(inventory(folder(tmp_path, ADDON.replace("images: [", "images: [example.org/other:v2, "))), RUN, lock())


def test_an_addon_that_no_step_applies_is_refused_at_its_name(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidInput, match=r"addon\.yaml:3:7: no step applies an addon named \"metric-server\""
    ) as caught:
        wanted(inventory(folder(tmp_path, ADDON.replace("name: metrics-server", "name: metric-server", 1))), RUN)
    assert (caught.value.advice, caught.value.exit_code) == ('did you mean "metrics-server"?', ExitCode.INVALID_INPUT)


def test_two_addons_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text(MANIFEST)
    with pytest.raises(InvalidInput, match=r'addon\.yaml:\d+:7: .* is the addon "metrics-server" already'):
        wanted(inventory(f"{folder(tmp_path)}, metrics-server"), RUN)
