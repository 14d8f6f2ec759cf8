"""addon.yaml + upstream's manifest -> Addon: objects with our patches applied, ready for `kubectl apply -f -`."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import jsonpatch
import yaml
from pydantic import BaseModel

from bootstrap.load.error import InputError, InvalidInput
from bootstrap.load.fields import validated
from bootstrap.load.path_word import is_path
from bootstrap.load.rules.words import addon_hint
from bootstrap.load.shipped import addons_folder, shipped_addons
from bootstrap.load.source import read_source
from bootstrap.load.yaml_text import Document, parse
from bootstrap.model.addon import AddonFile, ObjectName, Patch
from bootstrap.model.codes import Code
from bootstrap.model.network import Network
from bootstrap.model.safe_yaml import safe_load_all
from bootstrap.model.target import Addon

Object: TypeAlias = dict[str, Any]


def addon_path(name: str) -> Path:
    """The addon.yaml of a shipped addon, or of the folder that the name is the path of. Raises InvalidInput."""
    if is_path(name):
        return Path(name) / "addon.yaml"
    if name not in shipped_addons():
        raise InvalidInput(InputError(name, None, Code.ADDON_UNKNOWN, f'there is no addon "{name}"', addon_hint(name)))
    return addons_folder() / name / "addon.yaml"


def load_addon_file(name: str) -> tuple[Document, AddonFile]:
    """addon.yaml as a value, with the places in it. Raises InvalidInput."""
    document = parse(read_source(addon_path(name)))
    return document, validated(document, AddonFile)


def build_addon(
    document: Document, file: AddonFile, manifest: str, pod_cidr: Network, stand_ins: Mapping[str, str]
) -> Addon:
    """The addon as wanted. `stand_ins` maps upstream's image references to those of the bundle.

    Raises InvalidInput when the manifest is not YAML, or a patch does not fit it.
    """
    objects = _objects(document, manifest)
    for index, patch in enumerate(file.patches):
        _apply(document, index, patch, _target(document, ("patches", index, "target"), patch.target, objects))
    for index, ready in enumerate(file.ready):
        _target(document, ("ready", index), ready, objects)
    _set_network(objects, pod_cidr)
    listed = {"apiVersion": "v1", "kind": "List", "items": _with_images(objects, stand_ins)}
    images = tuple(stand_ins.get(image, image) for image in file.images)
    return Addon(file.name, file.version, json.dumps(listed, sort_keys=True), images)


def _objects(document: Document, manifest: str) -> list[Object]:
    try:
        found = [one for one in safe_load_all(manifest) if one]
    except yaml.YAMLError as error:
        told = " ".join(str(error).split()).replace('in "<unicode string>", line', "at its line")
        rule = f"its manifest is not YAML: {told}"
        raise InvalidInput(document.error((), Code.ADDON_MANIFEST, rule)) from None
    if not found or not all(map(_is_object, found)):
        raise InvalidInput(document.error((), Code.ADDON_MANIFEST, "its manifest holds something else than objects"))
    return found


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("kind"), str) and isinstance(value.get("metadata"), dict)


def _target(document: Document, path: tuple[str | int, ...], wanted: ObjectName, objects: Iterable[Object]) -> Object:
    for one in objects:
        metadata = one.get("metadata", {})
        named = (one["kind"], metadata.get("name")) == (wanted.kind, wanted.name)
        if named and wanted.namespace in {None, metadata.get("namespace")}:
            return one
    rule = f"the manifest has no {wanted.kind} {wanted.name}"
    raise InvalidInput(document.error(path, Code.ADDON_PATCH, rule, "compare with the manifest of this version"))


def _apply(document: Document, index: int, patch: Patch, target: Object) -> None:
    operations = [_operation(one) for one in patch.operations]
    try:
        jsonpatch.apply_patch(target, operations, in_place=True)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
        rule = f"the patch to {patch.target.kind} {patch.target.name} does not fit the manifest: {error}"
        hint = "upstream's manifest has another form than the patch was written for"
        raise InvalidInput(document.error(("patches", index), Code.ADDON_PATCH, rule, hint)) from None


def _operation(operation: BaseModel) -> dict[str, Any]:
    return operation.model_dump(exclude_unset=True)


def _set_network(objects: Iterable[Object], pod_cidr: Network) -> None:
    """flannel's pod network is the inventory's (net-conf.json in its ConfigMap; flannel's docs/configuration.md)."""
    for one in objects:
        if (one["kind"], one["metadata"].get("name")) == ("ConfigMap", "kube-flannel-cfg"):
            settings = json.loads(one["data"]["net-conf.json"])
            one["data"]["net-conf.json"] = json.dumps({**settings, "Network": str(pod_cidr)}, indent=2)


def _with_images(value: Any, stand_ins: Mapping[str, str]) -> Any:
    """The same with every `image:` that has a stand-in replaced."""
    if isinstance(value, list):
        return [_with_images(one, stand_ins) for one in value]
    if isinstance(value, dict):
        replaced = {key: _with_images(one, stand_ins) for key, one in value.items()}
        if isinstance(image := value.get("image"), str):
            replaced["image"] = stand_ins.get(image, image)
        return replaced
    return value
