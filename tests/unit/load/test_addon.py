"""An addon is upstream's manifest of one digest, with our patches; what does not fit is told with its place."""

import json
from hashlib import sha256
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from bootstrap.load.addon import build_addon, load_addon_file
from bootstrap.load.error import InvalidInput
from bootstrap.load.shipped import shipped_addons
from bootstrap.model.target import Addon

MANIFEST = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-flannel-cfg, namespace: net}
data:
  net-conf.json: |
    {"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan"}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: net}
spec:
  template:
    spec:
      containers: [{name: agent, image: "example.org/agent:v1", args: [--quiet]}]
---
"""
ADDON = """\
apiVersion: kboot/v1
kind: Addon
name: agent
version: 1.2.3
summary: An agent.
licence: Apache-2.0
upstream: {module: example.org/agent, path: agent.yaml, url: "https://example.org/agent.yaml", sha256: "SHA"}
images: [example.org/agent:v1]
patches:
  - target: {kind: DaemonSet, name: agent, namespace: net}
    why: It should talk.
    operations:
      - {op: test, path: /spec/template/spec/containers/0/args/0, value: --quiet}
      - {op: replace, path: /spec/template/spec/containers/0/args/0, value: --loud}
ready:
  - {kind: DaemonSet, name: agent, namespace: net}
"""


def folder(tmp_path: Path, addon: str = ADDON) -> str:
    (tmp_path / "addon.yaml").write_text(addon.replace("SHA", sha256(MANIFEST.encode()).hexdigest()))
    return str(tmp_path)


def built(tmp_path: Path, addon: str = ADDON, manifest: str = MANIFEST) -> Addon:
    document, file = load_addon_file(folder(tmp_path, addon))
    stand_ins = {"example.org/agent:v1": "example.org/agent:v1-ours"}
    return build_addon(document, file, manifest, IPv4Network("10.3.0.0/16"), stand_ins)


def objects(addon: Addon) -> dict[str, Any]:
    return {one["kind"]: one for one in json.loads(addon.objects)["items"]}


def test_its_objects_are_one_list_that_kubectl_applies(tmp_path: Path) -> None:
    listed = json.loads(built(tmp_path).objects)
    assert (listed["apiVersion"], listed["kind"], len(listed["items"])) == ("v1", "List", 2)


def test_patches_are_applied_and_images_replaced_by_the_bundles(tmp_path: Path) -> None:
    addon = built(tmp_path)
    (container,) = objects(addon)["DaemonSet"]["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["--loud"]
    assert container["image"] == "example.org/agent:v1-ours"
    assert addon.images == ("example.org/agent:v1-ours",)


def test_flannels_network_is_the_inventorys_and_the_rest_of_its_settings_stays(tmp_path: Path) -> None:
    settings = json.loads(objects(built(tmp_path))["ConfigMap"]["data"]["net-conf.json"])
    assert settings == {"Network": "10.3.0.0/16", "Backend": {"Type": "vxlan"}}


def test_the_same_input_gives_the_same_text(tmp_path: Path) -> None:
    assert built(tmp_path).objects == built(tmp_path).objects


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value: --quiet}", "value: --silent}", "10:5: the patch to DaemonSet agent does not fit the manifest"),
        ("op: test", "op: tset", '13:14: op: must be one of: add, replace, remove, test (did you mean "test"?)'),
        ("args/0, value: --loud", "args/x, value: --loud", "10:5: the patch to DaemonSet agent does not fit"),
        ("DaemonSet, name: agent", "DaemonSet, name: agnt", "10:13: the manifest has no DaemonSet agnt"),
        ("- {kind: DaemonSet", "- {kind: Deployment", "16:5: the manifest has no Deployment agent"),
        ("licence:", "license:", '6:1: unknown key "license" (did you mean "licence"?)'),
        ("1.2.3", "v1.2", 'version: "v1.2"'),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        built(tmp_path, ADDON.replace(old, new, 1))
    assert [error for error in caught.value.errors if expected in str(error)]


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "a: b: c",
        "- a\n",
        "[",
        "--- text\n",
        "kind: A\n",
        "kind: A\nmetadata: []\n",
        "a: 2024-99-99\n",
        "!!set {a}\n",
        "- " * 200_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_a_manifest_without_objects_is_refused(tmp_path: Path, manifest: str) -> None:
    with pytest.raises(InvalidInput, match="its manifest"):
        built(tmp_path, manifest=manifest)


def test_an_unknown_addon_is_told_with_the_nearest_one() -> None:
    with pytest.raises(InvalidInput) as caught:
        load_addon_file("metric-server")
    assert 'did you mean "metrics-server"?' in caught.value.advice


@pytest.mark.parametrize("name", shipped_addons())
def test_each_shipped_addon_loads(name: str) -> None:
    _, file = load_addon_file(name)
    assert file.name == name
    assert all(patch.why for patch in file.patches)


def test_a_manifest_that_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"not YAML: .* at its line 2, column 1"):
        built(tmp_path, manifest="a: [\n")
