"""Addons' manifests, out of the modules that carry them, as their pins say."""

from collections.abc import Mapping
from pathlib import Path

from bootstrap.bundle.make.command import output_of
from bootstrap.bundle.make.golang import Module, download
from bootstrap.model.addon import AddonFile
from bootstrap.model.codes import Code
from bootstrap.model.digest import file_sha256
from bootstrap.model.error import KbootError


def manifest_name(addon: AddonFile) -> str:
    """Its file name in the bundle."""
    return f"{addon.name}-{addon.version}.yaml"


def manifest_source(addon: AddonFile) -> str:
    """As the lock names it."""
    upstream = addon.upstream
    return f"{upstream.module}@v{addon.version} {upstream.path or upstream.kustomization}"


def write_manifest(addon: AddonFile, inputs: Mapping[str, Path], out: Path) -> None:
    """Write the manifest into `out`. Raises KB1208 when its digest is not the pinned one."""
    upstream, target = addon.upstream, out / manifest_name(addon)
    folder = download(Module(upstream.module, f"v{addon.version}")).folder
    if upstream.path:
        target.write_bytes((folder / upstream.path).read_bytes())
    else:
        kubectl = inputs["kubernetes"] / "kubectl"
        target.write_text(output_of([str(kubectl), "kustomize", str(folder / str(upstream.kustomization))]))
    found = file_sha256(target)
    if found != upstream.sha256:
        raise KbootError(
            Code.BUNDLE_UPSTREAM_DIFFERS,
            f"the manifest of {addon.name} {addon.version} is not the pinned one",
            where=str(target),
            evidence=f"sha256 {found}, pinned {upstream.sha256}",
            advice=f"compare it with {upstream.url}; pin the new digest in addons/{addon.name}/addon.yaml",
        )
